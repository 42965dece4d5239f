"""How private files go out."""

from __future__ import annotations

from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.utils.http import content_disposition_header

from workshop_portal.files.kinds import JPEG, PDF, PNG


def serve(file: FieldFile, name: str, media_type: str, *, inline: bool = False) -> FileResponse:
    """Send a private file. The caller has asked whether the person may, and noted that they did.

    Only PDF and pictures are ever shown in the page, in a sandbox and inside our own frame;
    everything else is a download.
    """
    inline = inline and media_type in {PDF.media_type, JPEG.media_type, PNG.media_type}
    response = FileResponse(file.open("rb"), content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN" if inline else "DENY"
    response["Content-Security-Policy"] = _policy(media_type, inline=inline)
    return response


def _policy(media_type: str, *, inline: bool) -> str:
    if not inline:
        return "sandbox; default-src 'none'; frame-ancestors 'none'"
    # A sandboxed frame keeps the browser's own PDF reader from opening: for a PDF the policy
    # alone stands guard, and nothing but the reader may run.
    sandbox = "" if media_type == PDF.media_type else "sandbox; "
    return (
        f"{sandbox}default-src 'none'; img-src 'self'; object-src 'self'; "
        "style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
