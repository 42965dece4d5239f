"""A PDF as its reader sees it."""

import pypdfium2


def words_of(pdf):
    """The text of all pages, with every run of spaces and line ends as one space."""
    with pypdfium2.PdfDocument(pdf) as opened:
        pages = [page.get_textpage().get_text_bounded() for page in opened]
    return " ".join(" ".join(pages).split())


def solid(words):
    """Words without any space: where a line ends is for the printer to say."""
    return "".join(words.replace("\ufffe", "").split())
