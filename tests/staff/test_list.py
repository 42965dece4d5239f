from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Decision, Document
from tests.factories import (
    DecisionFactory,
    DocumentFactory,
    FilledApplicationFactory,
    SubmittedApplicationFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/desk/here/applications/"


def names(response):
    return [row.name for row in response.context["list"].rows]


def send(call, given, family="Person", **facts):
    return SubmittedApplicationFactory(
        call=call, applicant__given_name=given, applicant__family_name=family, **facts
    )


def state(application, slug, status, **facts):
    """Bring the file of one line of the checklist into a state."""
    files = Document.objects.filter(application=application, requirement__slug=slug)
    if status == "returned":
        facts = {"return_reason": "unsigned", **facts}
    files.update(status=status, **facts)
    return files.get()


def test_the_list_shows_each_sent_application_in_one_line(desk, call, sent):
    row = desk.get(LIST).context["list"].rows[0]

    assert (row.name, row.reference, row.organisation, row.place) == (
        "Aoife O'Brien",
        "HERE-1",
        "Provincial Department of Social Affairs",
        f"{sent.city_name}, Cambodia",
    )
    assert (row.sector, row.status_word, row.documents, row.papers_word, row.decision) == (
        "Local government",
        "Submitted",
        "7 of 7",
        "6 to check",
        "",
    )


def test_drafts_and_other_calls_are_not_on_the_list(desk, call, sent):
    FilledApplicationFactory(call=call)
    SubmittedApplicationFactory()

    shown = desk.get(LIST)

    assert names(shown) == ["Aoife O'Brien"]
    assert shown.context["counts"].statuses == [("submitted", "Submitted", 1)]


def test_a_coordinator_does_not_find_their_own_application_on_the_list(desk, call, hana, sent):
    SubmittedApplicationFactory(call=call, applicant=hana)

    shown = desk.get(LIST)

    assert names(shown) == ["Aoife O'Brien"]
    assert shown.context["counts"].everything == 1


def test_the_list_counts_how_the_files_stand(desk, call):
    done, new, back, waits = (send(call, name) for name in ("Done", "New", "Back", "Waits"))
    done.documents.update(status="accepted")
    old = state(new, "cv", "returned", is_current=False)
    DocumentFactory(application=new, requirement=old.requirement, version=2)
    back.documents.update(status="accepted")
    state(back, "waiver", "returned")

    rows = desk.get(LIST).context["list"].rows

    assert {row.name: (row.documents, row.papers_word) for row in rows} == {
        "Done Person": ("7 of 7", "All checked"),
        "New Person": ("7 of 7", "1 new file"),
        "Back Person": ("6 of 7", "1 returned"),
        "Waits Person": ("7 of 7", "6 to check"),
    }
    assert waits.documents.count() == 6


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("documents=to_check", ["New", "Waits"]),
        ("documents=replaced", ["New"]),
        ("documents=returned", ["Back"]),
        ("documents=checked", ["Done"]),
        ("status=withdrawn", ["Done"]),
        ("country=NP", ["Back"]),
        ("sector=ngo", ["Waits"]),
        ("gender=male", ["New"]),
        ("first_time=no", ["Waits"]),
        ("decision=none", ["New", "Waits"]),
        ("decision=pending", ["Back"]),
        ("decision=rejected", ["Back"]),
        ("decision=accepted", []),
        ("q=kath+back", ["Back"]),
        ("q=BACK", ["Back"]),
        ("q=ref-7", ["Waits"]),
        ("q=kathmandu", ["Back"]),
        ("q=nobody", []),
    ],
)
def test_a_filter_leaves_exactly_what_fits(desk, call, asked, found):
    done = send(call, "Done")
    new = send(call, "New", gender="male")
    back = send(call, "Back", country="NP", city_name="Kathmandu")
    send(call, "Waits", sector="ngo", first_time="no", reference="REF-7")
    done.documents.update(status="accepted")
    type(done).objects.filter(pk=done.pk).update(status="withdrawn")
    old = state(new, "cv", "returned", is_current=False)
    DocumentFactory(application=new, requirement=old.requirement, version=2)
    back.documents.update(status="accepted")
    state(back, "waiver", "returned")
    DecisionFactory(application=back, outcome="rejected")

    assert sorted(names(desk.get(f"{LIST}?{asked}"))) == [f"{name} Person" for name in found]


@pytest.mark.parametrize(
    "asked",
    [
        "status=nonsense",
        "country=XX",
        "sector=%27%3B--",
        "documents=all",
        "decision=1",
        "gender=",
        "first_time=perhaps",
        "page=1e9",
        "page=-1",
        "page=999999999999999999999",
        "sort=user__password",
        "sort=applicant__password",
        "sort=--name",
        "sort=",
        "unknown=1",
    ],
)
def test_what_nobody_offered_narrows_nothing(desk, sent, asked):
    shown = desk.get(f"{LIST}?{asked}")

    assert (shown.status_code, names(shown)) == (200, ["Aoife O'Brien"])


def test_a_sign_that_no_database_holds_is_a_bad_request(desk, sent):
    assert desk.get(f"{LIST}?q=%00").status_code == 400


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["Zoe Abel", "Ana Baker", "Mia Cole"]),
        ("-name", ["Mia Cole", "Ana Baker", "Zoe Abel"]),
        ("organisation", ["Mia Cole", "Zoe Abel", "Ana Baker"]),
        ("country", ["Mia Cole", "Ana Baker", "Zoe Abel"]),
        ("submitted", ["Zoe Abel", "Ana Baker", "Mia Cole"]),
        ("-submitted", ["Mia Cole", "Ana Baker", "Zoe Abel"]),
        ("nonsense", ["Mia Cole", "Ana Baker", "Zoe Abel"]),
    ],
)
def test_the_list_is_ordered_by_the_column_that_was_asked_for(desk, call, sort, order):
    send(call, "Zoe", "Abel", country="VN", organisation="City B")
    send(call, "Ana", "Baker", country="NP", organisation="City C")
    send(call, "Mia", "Cole", country="KH", organisation="City A")

    assert names(desk.get(f"{LIST}?sort={sort}")) == order


def test_only_the_committee_reads_on_the_list_what_is_decided_and_not_released(
    desk, client, call, sent
):
    DecisionFactory(application=sent, outcome="waitlisted")

    shown = desk.get(LIST)
    client.force_login(sent.applicant)
    own = client.get(reverse("applications:application", args=[sent.pk]))

    assert shown.context["list"].rows[0].decision == "Waiting list"
    assert "Waiting list" not in own.content.decode()


def test_a_decision_on_an_earlier_sending_counts_no_more(desk, call, sent):
    decision = DecisionFactory(application=sent)
    before = sent.submitted_at - timedelta(seconds=1)
    Decision.objects.filter(pk=decision.pk).update(decided_at=before)

    assert desk.get(LIST).context["list"].rows[0].decision == ""
    assert names(desk.get(f"{LIST}?decision=pending")) == []
    assert names(desk.get(f"{LIST}?decision=none")) == ["Aoife O'Brien"]


def test_fifty_applications_stand_on_a_page(desk, call):
    FilledApplicationFactory.create_batch(51, call=call)
    for number, draft in enumerate(call.applications.all()):
        type(draft).objects.filter(pk=draft.pk).update(
            status="submitted", reference=f"N-{number}", submitted_at=draft.started_at
        )

    first, second = desk.get(LIST), desk.get(f"{LIST}?page=2")

    assert (len(names(first)), len(names(second))) == (50, 1)
    assert b"?page=2" in first.content


def test_an_empty_list_says_what_to_expect(desk, call):
    assert b"No application has come in yet" in desk.get(LIST).content


def test_a_search_without_a_find_offers_the_way_back(desk, sent):
    assert b"No application fits" in desk.get(f"{LIST}?q=zzz").content


@pytest.mark.parametrize("query", ["", "?documents=to_check&q=person&sort=name"])
def test_a_longer_list_asks_the_database_no_more(desk, call, django_assert_num_queries, query):
    def asked():
        with django_assert_num_queries(10, exact=False) as queries:
            desk.get(f"{LIST}{query}")
        return len(queries)

    send(call, "First")
    one = asked()
    send(call, "Second")
    send(call, "Third")
    three = asked()
    for number in range(300 - 3):
        row = FilledApplicationFactory(call=call)
        type(row).objects.filter(pk=row.pk).update(
            status="submitted", reference=f"M-{number}", submitted_at=row.started_at
        )
    DecisionFactory(application=call.applications.filter(status="submitted").first())

    assert (one, three, asked()) == (one, one, one)
    assert one <= 12
