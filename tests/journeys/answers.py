"""What the person of the journeys answers, section by section, and the files they send."""

import io

from PIL import Image

WRITTEN, PICKED = "written", "picked"

ANSWERS = {
    "you": [
        (WRITTEN, "given_name", "Aoife"),
        (WRITTEN, "family_name", "O'Brien"),
        (WRITTEN, "certificate_name", "Aoife O'Brien"),
        (PICKED, "gender", "female"),
        (WRITTEN, "birth_date_day", "17"),
        (WRITTEN, "birth_date_month", "5"),
        (WRITTEN, "birth_date_year", "1985"),
        (PICKED, "nationality", "KH"),
        (WRITTEN, "city_name", "Battambang"),
        (PICKED, "country", "KH"),
        (WRITTEN, "phone", "+855 12 345 678"),
    ],
    "organisation": [
        (WRITTEN, "organisation", "Provincial Department of Social Affairs"),
        (PICKED, "sector", "local"),
        (WRITTEN, "position", "Programme officer"),
        (WRITTEN, "years", "6"),
    ],
    "work": [
        (WRITTEN, "duties", "I run the provincial referral desk."),
        (WRITTEN, "experience", "I have worked with returned migrants since 2019."),
        (WRITTEN, "motivation", "Our province wants a written referral pathway."),
        (WRITTEN, "intention", "I will draft it with the police and two organisations."),
    ],
    "taking-part": [
        (PICKED, "spoken_english", "fluent"),
        (PICKED, "written_english", "fluent"),
        (PICKED, "all_days", "yes"),
        (PICKED, "first_time", "yes"),
        (PICKED, "airfare", "no"),
    ],
}


def pdf(title):
    """A small PDF that a browser can show, with `title` written on its page."""
    words = f"BT /F1 24 Tf 72 720 Td ({title}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, part in enumerate(parts, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    start = out.tell()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + table)
    out.write(b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def photo():
    """A phone's picture of a signed page."""
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "JPEG")
    return out.getvalue()


def files(folder):
    """The six files of the checklist, by the document that each answers."""
    made = {}
    for slug in ("case-study", "nomination", "commitment", "waiver", "consent", "cv"):
        signed = slug == "waiver"
        made[slug] = folder / f"{slug}.{'jpg' if signed else 'pdf'}"
        made[slug].write_bytes(photo() if signed else pdf(slug))
    return made
