"""The standard documents' titles and texts on pages, in papers and in letters."""

from django import template

from applications import standard

register = template.Library()


@register.filter
def shown(text: str) -> str:
    """A text of a required document in the reader's language, while it is the standard's own."""
    return standard.shown(text)


@register.filter
def translation(text: str) -> str:
    """The same text in the reader's language; nothing where it is in it already."""
    said = standard.shown(text)
    return "" if said == text else said
