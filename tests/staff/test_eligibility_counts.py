"""The counts of the eligibility check, as those who run the call read them."""

import csv
import io

import pytest

from tests.public.test_pages import queries_of, text_of
from workshop_portal.audit.models import Entry

pytestmark = pytest.mark.django_db
CHECK = "/workshops/here/call/eligibility/"


def counted(call, *rows):
    for country, reasons, number in rows:
        call.eligibility_counts.create(country=country, reasons=reasons, number=number)


def test_the_desk_sees_the_counts_by_country_and_by_reason(desk, call):
    counted(call, ("KH", "", 3), ("KH", "sector days", 2), ("IE", "country", 4), ("VN", "days", 1))

    found = desk.get("/desk/here/eligibility/").context["counts"]

    assert [(nation.name, *nation.numbers) for nation in [*found.nations, found.total]] == [
        ("Cambodia", 5, 3, 0, 2),
        ("Ireland", 4, 0, 4, 0),
        ("Vietnam", 1, 0, 0, 1),
        ("All countries", 10, 3, 4, 3),
    ]
    assert [(str(label), number) for label, number in found.reasons] == [
        ("A country outside the region", 4),
        ("Not there on all days", 3),
        ("Another kind of organisation", 2),
    ]


def test_the_counts_cost_the_same_however_many_there_are(desk, call):
    counted(call, ("KH", "", 3))
    one = queries_of(desk, "/desk/here/eligibility/")
    counted(call, ("IE", "country", 4), ("VN", "days", 1))

    assert queries_of(desk, "/desk/here/eligibility/") == one


def test_a_desk_without_counts_says_where_the_check_is(desk, call):
    page = desk.get("/desk/here/eligibility/")

    assert "Nobody has asked yet" in text_of(page)
    assert f'href="{CHECK}"' in page.content.decode()


def test_the_desk_leads_to_the_counts(desk, call):
    assert 'href="/desk/here/eligibility/"' in desk.get("/desk/").content.decode()


def test_the_counts_leave_as_a_table_and_that_is_on_record(desk, call):
    counted(call, ("KH", "", 3), ("KH", "sector days", 2))

    sent = b"".join(desk.get("/desk/here/eligibility.csv").streaming_content)

    assert list(csv.reader(io.StringIO(sent.decode("utf-8-sig")))) == [
        ["Country", "Answer", "What stood in the way", "People"],
        ["Cambodia", "May apply", "", "3"],
        [
            "Cambodia",
            "Turned away",
            "Another kind of organisation; Not there on all days",
            "2",
        ],
    ]
    line = Entry.objects.get(event="eligibility.exported")
    assert line.facts == {"kind": "csv", "rows": 2}


def test_the_counts_leave_in_no_other_form(desk, call):
    assert desk.get("/desk/here/eligibility.xlsx").status_code == 200
    assert desk.get("/desk/here/eligibility.pdf").status_code == 404
