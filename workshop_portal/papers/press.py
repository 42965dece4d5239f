"""The printing press: HTML in, an accessible PDF out. It reads nothing but what it is given."""

import io

import pypdfium2
import weasyprint

# Pixels for each CSS pixel of a picture: sharp on a slide and in print.
SHARPNESS = 2


def press(html: str) -> bytes:
    """The PDF/UA of a whole HTML page.

    No file and no address is ever opened, whatever the page links to, shows or attaches;
    pictures come as data: addresses.
    """
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    page = weasyprint.HTML(string=html, base_url="about:blank", url_fetcher=nothing)
    return page.write_pdf(pdf_variant="pdf/ua-1")


def picture(pdf: bytes) -> bytes:
    """The first page of a PDF as PNG."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        image = opened[0].render(scale=SHARPNESS * 96 / 72).to_pil()
    finally:
        opened.close()
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
