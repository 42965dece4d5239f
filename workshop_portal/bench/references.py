"""The reference views: the least that Django can do for a page of each kind."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.csrf import csrf_exempt

from applications.models import Application
from workshop_portal.workshops.models import Workshop

ONE = engines["django"].from_string(
    """<!doctype html>
<html lang="en">
<head><title>{{ workshop.title }}</title></head>
<body>
<h1>{{ workshop.title }}</h1>
<p>{{ workshop.summary }}</p>
<p>{{ workshop.city }}</p>
<p>{{ workshop.zone }}</p>
</body>
</html>"""
)
TABLE = engines["django"].from_string(
    """<!doctype html>
<html lang="en">
<head><title>Table</title></head>
<body><table>
{% for row in rows %}<tr>
<td>{{ row.reference }}</td><td>{{ row.given_name }}</td><td>{{ row.family_name }}</td>
<td>{{ row.organisation }}</td><td>{{ row.city_name }}</td><td>{{ row.status }}</td>
<td>{{ row.years }}</td><td>{{ row.submitted_at|date:"Y-m-d H:i" }}</td>
</tr>{% endfor %}
</table></body>
</html>"""
)


def one(request: HttpRequest) -> HttpResponse:
    """One query, one row, a ten-line template."""
    return HttpResponse(ONE.render({"workshop": Workshop.objects.get(slug="bench")}))


def table(request: HttpRequest) -> HttpResponse:
    """One query, eight columns, and fifty rows or as many as are asked for."""
    number = int(request.GET.get("rows", 50))
    rows = Application.objects.exclude(reference=None).order_by("reference")[:number]
    return HttpResponse(TABLE.render({"rows": rows}))


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    """Stream the body to a file and hash it on the way."""
    digest = hashlib.sha256()
    with tempfile.TemporaryFile() as file:
        while chunk := request.read(256 * 1024):
            digest.update(chunk)
            file.write(chunk)
    return HttpResponse(digest.hexdigest())


class CountingMiddleware:
    """Says in a header how many queries an answer took, when the bench asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Bench-Count" not in request.headers:
            return self.get_response(request)
        queries = 0

        def count(execute, sql, params, many, context):
            nonlocal queries
            queries += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response["X-Bench-Queries"] = str(queries)
        return response
