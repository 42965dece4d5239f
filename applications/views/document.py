"""The page of one line of the checklist, and the ways in which a file reaches it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from applications import access
from applications.actions import attach as attaching
from applications.actions import transfer as actions
from applications.actions import upload as uploading
from applications.forms.document import AnnouncementForm, DocumentForm
from applications.models import Application, Document, RequiredDocument, Transfer
from applications.queries import transfer as queries
from applications.queries.intake import slot
from applications.queries.nomination import nomination_of
from applications.queries.own import own_piece, own_row, upload_line
from applications.queries.room import sent_for
from applications.queries.signing import ways
from applications.views.applicant import form_page, known, own
from workshop_portal.arrival import arrived
from workshop_portal.errors import first_or_404, require, wants_json
from workshop_portal.files import serve

OCTETS = "application/octet-stream"
NUMBER = re.compile(r"[0-9]{1,15}")
NO_BYTES = gettext_lazy("These are no bytes of a file.")
TOO_MANY_BYTES = gettext_lazy("These are more bytes than the file has.")


def line_of(mine: Application, slug: str) -> RequiredDocument:
    """The line of the checklist to which files can be sent; 404 for all others."""
    return first_or_404(upload_line(call=mine.call_id, slug=slug))


def transfer_of(request: HttpRequest, pk: uuid.UUID, slug: str, transfer: uuid.UUID) -> Transfer:
    """What this person is sending for this line of this application; 404 for all others."""
    visible = Transfer.objects.visible_to(request.user)
    wanted = visible.select_related(
        "application__call__workshop", "application__applicant", "requirement", "document"
    )
    return get_object_or_404(wanted, pk=transfer, application=pk, requirement__slug=slug)


# --- The page --------------------------------------------------------------------------


@login_required
@form_page
def document(request: HttpRequest, pk: uuid.UUID, slug: str) -> HttpResponse:
    mine = own(request, pk, access.can_edit)
    requirement = line_of(mine, slug)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    room = sent_for(mine, requirement).room
    begin = reverse("applications:transfer", args=[pk, slug])
    form = DocumentForm(*sent, requirement=requirement, room=room, begin=begin)
    if not form.is_valid():
        if sent:
            attaching.note_refusal(mine, requirement, **form.refusal, by=request.user)
        return document_page(request, mine, requirement, form)
    facts = {"uploads": form.cleaned_data["file"], "arrived_at": arrived(request)}
    actions.hand_in(mine, requirement, **facts, by=request.user)
    return redirect("applications:document", pk, slug)


def document_page(
    request: HttpRequest, mine: Application, requirement: RequiredDocument, form: DocumentForm
) -> HttpResponse:
    """The line with its files, what is on its way to it, and the form for another."""
    place = slot(mine, requirement, now=timezone.now())
    facts = {
        "application": mine,
        "requirement": requirement,
        "slot": place,
        "arrival": queries.arrival(place.row.transfer) if place.row.transfer else None,
        "cautions": queries.cautions(place.row.document),
        "ways": ways(mine, requirement, place.row.document),
        "nomination": nomination_of(mine, requirement, now=timezone.now()),
        "form": form,
    }
    return render(request, "applications/applicant/document.html", facts)


@login_required
@require_safe
def document_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse | FileResponse:
    visible = Document.objects.visible_to(request.user).select_related("application")
    sent = get_object_or_404(visible.readable(), pk=pk)
    require(access.can_follow(request.user, sent.application))
    return serve(sent.file, sent.name, sent.media_type)


@login_required
@require_POST
def keep(request: HttpRequest, pk: uuid.UUID, slug: str) -> HttpResponse:
    """The person has read what was noticed in the file and says that it is meant so."""
    mine = own(request, pk, access.can_edit)
    attaching.keep(mine, line_of(mine, slug), by=request.user)
    return redirect("applications:document", pk, slug)


# --- Piece by piece --------------------------------------------------------------------


@login_required
@require_POST
def transfer(request: HttpRequest, pk: uuid.UUID, slug: str) -> JsonResponse:
    """Begin an upload, or find the one that was broken off.

    The body is the announcement, or the beginning of a file: then a header has the announcement.
    """
    mine = known(request, pk, access.can_edit, own_row)
    arrived_at = arrived(request, now=mine.read_at)
    requirement = line_of(mine, slug)
    if request.content_type != OCTETS:
        return begun(request, mine, requirement, request.POST, arrived_at)
    length = request.headers.get("Content-Length", "")
    if not NUMBER.fullmatch(length) or int(length) > settings.UPLOAD_LIMIT:
        return JsonResponse({"sentence": NO_BYTES}, status=400)
    with uploading.first_bytes(request, length=int(length)) as first:
        return begun(request, mine, requirement, announced(request), arrived_at, first)


def announced(request: HttpRequest) -> dict[str, str]:
    """What is said of a file beside its first bytes."""
    said = parse_qs(request.headers.get("Upload-Announcement", ""))
    return {key: said[key][0] for key in said}


def begun(
    request: HttpRequest,
    mine: Application,
    requirement: RequiredDocument,
    said: Mapping[str, str],
    arrived_at: datetime,
    first: uploading.First | None = None,
) -> JsonResponse:
    """The answer to an announcement: why not, or that of `opened`."""
    form = AnnouncementForm(said, requirement=requirement, head=first and first.head)
    if not form.is_valid():
        attaching.note_refusal(mine, requirement, **form.refusal, by=request.user)
        return JsonResponse({"sentence": form.sentence}, status=form.status)
    if first and first.size > form.cleaned_data["pieces"][0].size:
        return JsonResponse({"sentence": TOO_MANY_BYTES}, status=413)
    facts = {"first": first, "arrived_at": arrived_at, "by": request.user}
    return opened(mine, requirement, **form.cleaned_data, **facts)


def opened(mine: Application, requirement: RequiredDocument, **facts: Any) -> JsonResponse:
    """A question when the file answers another line too, or how the upload stands."""
    begun = uploading.begin(mine, requirement, **facts)
    if isinstance(begun, actions.SameFile):
        return JsonResponse({"question": queries.same_words(begun.line)})
    return JsonResponse(told(begun, got_of(begun, facts["pieces"])), status=201)


def got_of(transfer: Transfer, announced: Sequence[uploading.Announced] = ()) -> list[int]:
    """How many bytes of each of its files are here: all that were announced once it is whole."""
    if announced and transfer.status == Transfer.Status.CHECKING:
        return [file.size for file in announced]
    return [piece.got for piece in transfer.pieces.all()]


def told(transfer: Transfer, got: list[int]) -> dict[str, Any]:
    """How a transfer stands, for the script of the page."""
    args = [transfer.application_id, transfer.requirement.slug, transfer.pk]
    return {
        "status": transfer.status,
        "sentence": queries.sentence(transfer),
        "got": got,
        "url": reverse("applications:transfer-state", args=args),
    }


@login_required
@require_safe
def transfer_state(
    request: HttpRequest, pk: uuid.UUID, slug: str, transfer: uuid.UUID
) -> JsonResponse:
    sent = transfer_of(request, pk, slug, transfer)
    return JsonResponse(told(sent, got_of(sent)))


@login_required
@require_POST
def transfer_piece(
    request: HttpRequest, pk: uuid.UUID, slug: str, transfer: uuid.UUID, order: int
) -> JsonResponse:
    """The bytes of a file from an offset on; the answer says how many are here now.

    With the last of them comes the word that the upload is complete.
    """
    where = {"application": pk, "line": slug, "transfer": transfer, "order": order}
    piece = first_or_404(own_piece(**where, user=request.user.pk))
    offset = request.headers.get("Upload-Offset", "")
    length = request.headers.get("Content-Length", "")
    if request.content_type != OCTETS or not all(map(NUMBER.fullmatch, (offset, length))):
        return JsonResponse({"sentence": NO_BYTES}, status=400)
    if int(offset) + int(length) > piece.size:
        return JsonResponse({"sentence": TOO_MANY_BYTES}, status=413)
    facts = {"offset": int(offset), "length": int(length), "arrived_at": arrived(request)}
    got = uploading.take_piece(piece, request, **facts)
    if got < int(offset) + int(length):
        return JsonResponse({"offset": got}, status=409)
    if request.headers.get("Upload-Complete") == "?1" and got == piece.size:
        return finished(request, piece.transfer)
    return JsonResponse({"offset": got})


@login_required
@require_POST
def transfer_finish(
    request: HttpRequest, pk: uuid.UUID, slug: str, transfer: uuid.UUID
) -> JsonResponse:
    return finished(request, transfer_of(request, pk, slug, transfer))


def finished(request: HttpRequest, transfer: Transfer) -> JsonResponse:
    done = uploading.finish(transfer, by=request.user)
    return JsonResponse(told(done, got_of(done)), status=422 if done.verdict else 200)


@login_required
@require_POST
def transfer_cancel(
    request: HttpRequest, pk: uuid.UUID, slug: str, transfer: uuid.UUID
) -> HttpResponse:
    sent = transfer_of(request, pk, slug, transfer)
    actions.abandon(sent, by=request.user)
    if wants_json(request):
        return JsonResponse(told(sent, got_of(sent)))
    return redirect("applications:document", pk, slug)
