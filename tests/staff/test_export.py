import csv
import io
import zipfile

import openpyxl
import pytest

from tests.factories import DecisionFactory, FilledApplicationFactory, SubmittedApplicationFactory
from workshop_portal.audit.models import Entry
from workshop_portal.exports import sheet_name

pytestmark = pytest.mark.django_db
CSV = "/desk/here/applications.csv"
XLSX = "/desk/here/applications.xlsx"


def bytes_of(response):
    return b"".join(response.streaming_content)


def table(response):
    text = bytes_of(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.fixture
def formula(call):
    """Somebody whose name a spreadsheet could take for a formula."""
    return SubmittedApplicationFactory(
        call=call,
        reference="HERE-2",
        applicant__given_name='=HYPERLINK("http://evil.example")',
        applicant__family_name="+1, 2",
        organisation="@SUM(A1)",
        phone="-2+3",
    )


def test_the_export_has_a_row_for_each_application_and_a_column_for_each_document(desk, sent):
    sent.documents.filter(requirement__slug="cv").update(status="accepted")
    DecisionFactory(application=sent, outcome="waitlisted")

    heads, row = table(desk.get(CSV))

    told = dict(zip(heads, row, strict=True))
    assert (told["Reference"], told["Family name"], told["Country you work in"]) == (
        "HERE-1",
        "O'Brien",
        "Cambodia",
    )
    assert (told["Status"], told["E-mail address"], told["Years of work on human trafficking"]) == (
        "Submitted",
        sent.applicant.email,
        "6",
    )
    assert (told["Application form"], told["Curriculum vitae"]) == ("Filled in", "Accepted")
    assert told["Letter of nomination"] == "To check"
    assert told["Decision, confidential until it is released"] == "Waiting list"
    assert len(heads) == 29


def test_a_csv_cell_never_begins_a_formula(desk, formula):
    heads, row = table(desk.get(CSV))

    told = dict(zip(heads, row, strict=True))
    assert told["Given name"] == '\'=HYPERLINK("http://evil.example")'
    assert (told["Family name"], told["Organisation"]) == ("'+1, 2", "'@SUM(A1)")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_a_workbook_holds_no_formula_and_no_link(desk, formula):
    book = bytes_of(desk.get(XLSX))

    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    rows = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet
    assert rows[1][2:4] == ('=HYPERLINK("http://evil.example")', "+1, 2")
    assert rows[1][rows[0].index("Years of work on human trafficking")] == 6


def test_the_export_holds_what_the_filters_leave_in_the_order_of_the_list(desk, call, sent):
    SubmittedApplicationFactory(call=call, country="NP", applicant__family_name="Zimmer")
    SubmittedApplicationFactory(call=call, country="NP", applicant__family_name="Abel")

    rows = table(desk.get(f"{CSV}?country=NP&sort=name"))[1:]

    assert [row[3] for row in rows] == ["Abel", "Zimmer"]


def test_the_export_holds_nothing_that_the_screen_does_not_show(desk, hana, call, sent):
    SubmittedApplicationFactory(call=call, applicant=hana)
    FilledApplicationFactory(call=call)
    SubmittedApplicationFactory()

    rows = table(desk.get(CSV))[1:]

    assert [row[0] for row in rows] == ["HERE-1"]


def test_who_took_the_list_out_is_on_record_with_filter_and_number_of_rows(desk, hana, call, sent):
    desk.get(f"{XLSX}?status=submitted&country=NOWHERE&sort=name")

    line = Entry.objects.get(event="applications.exported")
    assert (line.by, line.facts) == (
        hana,
        {"kind": "xlsx", "chosen": {"status": "submitted", "sort": "name"}, "rows": 1},
    )


def test_an_order_that_nobody_offered_orders_nothing(desk, sent):
    assert len(table(desk.get(f"{CSV}?sort=applicant__password"))) == 2


def test_there_is_no_other_kind_of_export(desk, call):
    assert desk.get("/desk/here/applications.pdf").status_code == 404


def test_a_longer_export_asks_the_database_no_more(desk, call, django_assert_num_queries):
    def asked():
        with django_assert_num_queries(10, exact=False) as queries:
            table(desk.get(CSV))
        return len(queries)

    SubmittedApplicationFactory(call=call)
    one = asked()
    for number in range(40):
        draft = FilledApplicationFactory(call=call)
        type(draft).objects.filter(pk=draft.pk).update(
            status="submitted", reference=f"M-{number}", submitted_at=draft.started_at
        )

    assert asked() == one


@pytest.mark.parametrize(
    ("title", "name"),
    [("Applicants: Jeju/2027", "Applicants Jeju2027"), ("x" * 40, "x" * 31), ("[?]", "1")],
)
def test_a_sheet_has_the_name_of_its_table(title, name):
    assert sheet_name(title) == name
