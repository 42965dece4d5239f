"""The inbox: a person's letters on the portal."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from workshop_portal.outbox import actions, queries
from workshop_portal.outbox.models import Message

LETTERS_A_PAGE = 25


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    letters = Paginator(queries.inbox(request.user), LETTERS_A_PAGE)
    page = letters.get_page(request.GET.get("page"))
    return render(request, "outbox/inbox.html", {"page": page})


@require_safe
@login_required
def letter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One letter. Opening it marks it as read, though it is a GET: the page stands behind the
    sign-in, where no link scanner comes, and "read" decides nothing but the bold type.
    """
    message = get_object_or_404(Message.objects.inbox_of(request.user), pk=pk)
    actions.read(message)
    beside = queries.neighbours(request.user, message)
    return render(request, "outbox/letter.html", {"letter": message, "beside": beside})
