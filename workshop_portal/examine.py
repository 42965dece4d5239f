"""Opens a file that somebody sent, in a process of its own with narrow limits.

`python -I examine.py pdf|picture < file` ends in silence, or says on the standard error what is
wrong: damaged, locked, pixels or tail. Whatever a hostile file does to the libraries that read it,
it does here: this process sees nothing of the portal, may use half a gigabyte and ten seconds, and
dies afterwards. A picture comes back on the standard output,
drawn anew: without the place where it was taken, and without anything hidden behind it.
"""

from __future__ import annotations

import io
import resource
import sys

import pikepdf
from PIL import Image, ImageOps

FINE = ""
MEMORY = 512 * 1024 * 1024
SECONDS = 10
LARGEST_PICTURE = 40_000_000
WHITE = b"\x00\t\n\x0c\r "


def examine_pdf(data: bytes) -> str:
    """Whether a PDF is whole, ends where it ends, and opens without a password."""
    data = data.rstrip(WHITE)
    if not data.endswith(b"%%EOF"):
        return "tail" if b"%%EOF" in data[-65536:] else "damaged"
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            torn = any("reconstruct" in str(warning) for warning in pdf.get_warnings())
            return "damaged" if torn or not len(pdf.pages) else FINE
    except pikepdf.PasswordError:
        return "locked"
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return "damaged"


def examine_picture(data: bytes) -> str:
    """Whether a picture can be seen; the same picture, drawn anew, goes to standard output."""
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as sent:
            if sent.width * sent.height > LARGEST_PICTURE:
                return "pixels"
            form = sent.format
            sent.load()
            seen = ImageOps.exif_transpose(sent)
    except (OSError, ValueError, SyntaxError, ZeroDivisionError, Image.DecompressionBombError):
        return "damaged"
    if form == "JPEG" and seen.mode not in {"L", "RGB"}:
        seen = seen.convert("RGB")
    seen.info = {name: fact for name, fact in seen.info.items() if name == "transparency"}
    drawn = io.BytesIO()
    seen.save(drawn, form, **({"quality": 90} if form == "JPEG" else {}))
    sys.stdout.buffer.write(drawn.getvalue())
    return FINE


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    examine = {"pdf": examine_pdf, "picture": examine_picture}[sys.argv[1]]
    sys.exit(examine(sys.stdin.buffer.read()) or None)
