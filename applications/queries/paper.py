"""What the papers of one application say, filled with what its applicant typed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from applications.checklist import ASKED
from applications.models import Application, Nomination, RequiredDocument
from applications.queries.call import accepted, in_first_language, workshop_facts
from applications.wording import fingerprint
from workshop_portal.papers.models import Paper
from workshop_portal.papers.queries import paper_of

if TYPE_CHECKING:
    from applications.models import Call

Facts = dict[str, Any]
# What every paper to be signed says of its person.
NEEDED = ("given_name", "position", "organisation", "city_name", "country")


@dataclass(frozen=True)
class Lack:
    """An answer that a paper needs and does not have, and where it is given."""

    term: str
    url: str


def lacking(application: Application) -> list[Lack]:
    """The answers that are still missing for papers to be signed, in the order of the form."""
    return [
        Lack(_term(name), f"{_section(application, name)}#id_{name}")
        for name in NEEDED
        if not getattr(application, name)
    ]


def _term(name: str) -> str:
    return capfirst(str(Application._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _section(application: Application, name: str) -> str:
    slug = next(slug for slug, names in ASKED.items() if name in names)
    return reverse("applications:section", args=[application.pk, slug])


# --- What is signed ----------------------------------------------------------------------


@in_first_language
def text_facts(
    application: Application,
    requirement: RequiredDocument,
    nomination: Nomination | None = None,
    words: str = "",
) -> Facts:
    """The paper as `wording.text_of` tells it; `words` are what the nominator adds to it."""
    person = {
        "name": application.name,
        "position": application.position,
        "organisation": application.organisation,
        "city": application.city_name,
        "country": application.country.name,  # type: ignore[attr-defined]  # a Country
    }
    tables = [_about_workshop(application.call), _about_person(person, requirement)]
    tables += [_about_nominator(nomination)] if nomination else []
    return {
        "title": requirement.title,
        "tables": tables,
        "opening": _opening(person, requirement, nomination),
        "text": requirement.guidelines,
        "words": words,
        "name": nomination.name if nomination else application.name,
        "position": nomination.position if nomination else application.position,
    }


def _opening(person: Facts, requirement: RequiredDocument, nomination: Nomination | None) -> str:
    """The sentence in which the signer says who they are; nobody yet says nothing."""
    if nomination:
        return _("I, %(name)s, %(position)s, sign this letter for %(organisation)s.") % {
            "name": nomination.name,
            "position": nomination.position,
            "organisation": nomination.organisation,
        }
    if requirement.signer == RequiredDocument.Signer.NOMINATOR:
        return ""
    return (
        _("I, %(name)s, %(position)s, %(organisation)s, %(city)s, %(country)s, sign what follows.")
        % person
    )


def _about_workshop(call: Call) -> Facts:
    about = workshop_facts(call)
    rows = [
        (_("Workshop"), about["workshop"]),
        (_("Dates"), about["dates"]),
        (_("Place"), about["place"]),
    ]
    return _table("", rows)


def _about_person(person: Facts, requirement: RequiredDocument) -> Facts:
    by_nominator = requirement.signer == RequiredDocument.Signer.NOMINATOR
    place = _("%(city)s, %(country)s") % person
    rows = [
        (_("Full name"), person["name"]),
        (_("Position"), person["position"]),
        (_("Organisation"), person["organisation"]),
        (_("City and country"), place if person["city"] and person["country"] else ""),
    ]
    return _table(_("The person nominated") if by_nominator else _("The applicant"), rows)


def _about_nominator(nomination: Nomination) -> Facts:
    rows = [
        (_("Full name"), nomination.name),
        (_("Position"), nomination.position),
        (_("Authority or organisation"), nomination.organisation),
        (_("E-mail address"), nomination.email),
    ]
    return _table(_("The nominating authority"), rows)


def _table(title: str, rows: list[tuple[str, str]]) -> Facts:
    told = [{"term": term, "value": str(value)} for term, value in rows if value]
    return {"title": title, "rows": told}


# --- What is printed -----------------------------------------------------------------------


@in_first_language
def filled_facts(
    application: Application,
    requirement: RequiredDocument,
    nomination: Nomination | None = None,
) -> Facts:
    """What the paper says that is filled with the person's data and signed by hand."""
    about = workshop_facts(application.call)
    return {
        **text_facts(application, requirement, nomination),
        "signed_by": requirement.signed_by,
        "signed_by_other": requirement.signer == RequiredDocument.Signer.NOMINATOR,
        "has_signer": nomination is not None,
        "accepted": accepted(requirement),
        "address": about["address"],
        "reference": application.reference or "",
    }


@in_first_language
def form_facts(application: Application, form: Sequence[Facts]) -> Facts:
    """What the printed application form says; `form` is its sections with their rows in words."""
    return {
        **workshop_facts(application.call),
        "name": application.name,
        "email": application.applicant.email,
        "reference": application.reference or "",
        "sections": list(form),
    }


@dataclass(frozen=True)
class FormPaper:
    """The printed application form as a page offers it."""

    order_url: str
    paper_url: str
    paper: Paper | None


def form_paper(application: Application, form: Sequence[Facts]) -> FormPaper | None:
    """The application form on paper; None when the call asks for none on the portal."""
    lines = application.call.required_documents.filter(given=RequiredDocument.Given.ONLINE)
    line = lines.first()
    if line is None:
        return None
    args = [application.pk, line.slug]
    return FormPaper(
        order_url=reverse("applications:paper-order", args=args),
        paper_url=reverse("applications:paper", args=args),
        paper=filled_paper(application, line.slug, form_facts(application, form)),
    )


def paper_key(application: Application, slug: str, facts: Facts) -> str:
    """The key of a filled paper: another answer or another text makes another paper."""
    return f"{paper_keys(application, slug)}{fingerprint(facts)}"


def paper_keys(application: Application, slug: str) -> str:
    """What the keys of all papers of one line have in common, whatever was answered."""
    return f"filled:{application.pk}:{slug}:"


def filled_paper(application: Application, slug: str, facts: Facts) -> Paper | None:
    """The paper with these very facts, in whatever state it is; None when nobody ordered it."""
    return paper_of(paper_key(application, slug, facts))
