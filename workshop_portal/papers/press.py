"""The printing press: HTML in, an accessible PDF out. It reads nothing but what it is given."""

import weasyprint


def press(html: str) -> bytes:
    """The PDF/UA of a whole HTML page.

    No file and no address is ever opened, whatever the page links to, shows or attaches;
    pictures come as data: addresses.
    """
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    page = weasyprint.HTML(string=html, base_url="about:blank", url_fetcher=nothing)
    return page.write_pdf(pdf_variant="pdf/ua-1")
