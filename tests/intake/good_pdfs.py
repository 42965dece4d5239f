"""Good PDFs: how they are written and what is in them."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, String

from tests.intake.samples import (
    bare_pdf,
    updated,
)

# --- PDF: how it is written ------------------------------------------------------------

STRUCTURES = {
    "for the web": {"linearize": True},
    "with object streams": {"object_stream_mode": ObjectStreamMode.generate},
    "without object streams": {"object_stream_mode": ObjectStreamMode.disable},
    "uncompressed": {"compress_streams": False},
    "readable": {"qdf": True},
    "that may not be printed": {"encryption": Encryption(user="", owner="o")},
    "that may not be printed, of old": {
        "encryption": Encryption(user="", owner="o", R=3, aes=False, metadata=False)
    },
    **{f"of version {version}": {"force_version": version} for version in ("1.3", "1.4", "1.5")},
    **{f"of version {version}": {"force_version": version} for version in ("1.6", "1.7", "2.0")},
}
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
DRAWN = b"<< /Length 21 >>\nstream\n72 72 200 300 re f   \nendstream"
BY_HAND = (
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    PAGE,
    DRAWN,
)


def signed():
    """A PDF with a signature that holds: its bytes may never change."""
    catalogue = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /SigFlags 3 >> >>"
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /V 6 0 R /P 3 0 R "
        b"/Rect [0 0 0 0] /F 132 >>"
    )
    signature = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached "
        b"/ByteRange [0 0000000000 0000000000 0000000000] /Contents <%s> >>" % (b"0" * 4096)
    )
    blank = updated(bare_pdf(*BY_HAND), {1: catalogue, 5: field, 6: signature})
    start = blank.index(b"/Contents <0") + len(b"/Contents ")
    end = start + 4096 + 2
    ranges = b"/ByteRange [0 %010d %010d %010d]" % (start, end, len(blank) - end)
    blank = re.sub(rb"/ByteRange \[0 0+ 0+ 0+\]", ranges, blank)
    seal = _seal(blank[:start] + blank[end:]).hex().encode().ljust(4096, b"0")
    return blank[:start] + b"<" + seal + b">" + blank[end:]


def _seal(content):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A signer")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, key, hashes.SHA256())
    detached = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    return builder.sign(serialization.Encoding.DER, detached)


def noted_after_signing():
    """Signed, and then somebody added a note: a second update, a third end."""
    note = b"<< /Type /Annot /Subtype /Text /Rect [9 9 30 30] /Contents (Seen) >>"
    return updated(signed(), {7: note, 3: PAGE.replace(b">>", b"/Annots [5 0 R 7 0 R] >>")})


# --- PDF: what is in it ----------------------------------------------------------------


def turned(angle, made):
    made.pages[0].obj.Rotate = angle


def cropped(made):
    made.pages[0].obj.CropBox = Array([30, 30, 560, 800])


def inherited(made):
    made.Root.Pages.MediaBox = Array([0, 0, 612, 792])
    del made.pages[0].obj.MediaBox


def large_unit(made):
    made.pages[0].obj.UserUnit = 2


def poster(made):
    made.pages[0].obj.MediaBox = Array([0, 0, 2384, 3370])


def outlined(made):
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("First", 0))
    made.Root.PageMode = Name.UseOutlines


def linked(made):
    page = made.pages[0].obj
    made.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))
    actions = [
        Dictionary(S=Name.URI, URI="https://example.org/"),
        Dictionary(S=Name.URI, URI="mailto:a@example.org"),
        Dictionary(S=Name.Named, N=Name.NextPage),
        Dictionary(S=Name.GoTo, D=Array([page, Name.XYZ, 0, 0, 0])),
    ]
    page.Annots = Array(
        [
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
            for action in actions
        ]
    )


def named_places(made):
    place = Array([made.pages[0].obj, Name.Fit])
    made.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String("top"), place])))
    made.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))


def noted(made):
    kinds = ["Text", "Highlight", "Ink", "Stamp", "FreeText", "Square", "Popup"]
    made.pages[0].obj.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name(f"/{kind}"),
                Rect=Array([9, 9, 99, 99]),
                Contents="A note",
            )
            for kind in kinds
        ]
    )


def layered(made):
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name="Stamp"))
    default = Dictionary(Order=Array([layer]))
    made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=default)


def described(made):
    with made.open_metadata() as metadata:
        metadata["dc:title"] = "How to /Launch a /JavaScript project"
        metadata["xmp:CreatorTool"] = "Acrobat Distiller 9.0"
    made.docinfo["/Title"] = "How to /Launch a /JavaScript project"


def no_names_left(made):
    """What is left when somebody took scripts and attachments out."""
    empty = Dictionary(Names=Array([]))
    made.Root.Names = Dictionary(JavaScript=empty, EmbeddedFiles=Dictionary(Names=Array([])))


def filled_form(made):
    page = made.pages[0].obj
    field = made.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T="name",
            V="Aoife O'Brien",
            Rect=Array([72, 600, 300, 620]),
            P=page,
        )
    )
    empty = made.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="sign", Rect=Array([0] * 4), P=page
        )
    )
    page.Annots = Array([field, empty])
    made.Root.AcroForm = Dictionary(Fields=Array([field, empty]), NeedAppearances=True)


CONTENTS = {
    **{f"turned by {angle} degrees": partial(turned, angle) for angle in (90, 180, 270)},
    "cropped": cropped,
    "whose pages share a size": inherited,
    "in a larger unit": large_unit,
    "of a poster": poster,
    "with bookmarks": outlined,
    "with links": linked,
    "with names for places": named_places,
    "with notes": noted,
    "with layers": layered,
    "with a description": described,
    "that was cleaned": no_names_left,
    "with a filled form": filled_form,
}
