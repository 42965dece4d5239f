"""More time for one country or one person, and the complete drafts that nobody sent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from applications.actions import deadline
from applications.models import Application, Extension
from tests import factories as make
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused
from workshop_portal.outbox.models import Message

pytestmark = pytest.mark.django_db
ADDRESS, UNSENT = "/desk/here/extend/some/", "/desk/here/unsent/"
UNTIL = datetime(2039, 5, 4, 14, 59, 59, tzinfo=UTC)
WHEN = {"day": "2039-05-04", "hour": "23:59", "reason": "The power was out."}


@pytest.fixture
def draft(call):
    """Somebody's draft that lacks nothing."""
    return make.CompleteApplicationFactory(
        call=call, applicant__email="aoife@example.org", given_name="Aoife", country="KH"
    )


def close(call):
    type(call).objects.update(closes_at=timezone.now() - timedelta(hours=1))


def for_person(said="aoife@example.org", **changed):
    return {"whom": "person", "person": said, **WHEN, **changed}


def for_country(code="KH", **changed):
    return {"whom": "country", "country": code, **WHEN, **changed}


# --- One person --------------------------------------------------------------------------


def test_after_the_deadline_a_person_with_more_time_can_write_and_send_again(
    desk, client, hana, call, draft
):
    close(call)
    was = Application.objects.get().closes_at

    answer = desk.post(ADDRESS, {**for_person(), "confirm": "yes"})

    extension, given = Extension.objects.get(), Application.objects.with_deadline().get()
    assert answer.url == ADDRESS
    assert (extension.application, str(extension.country), extension.by) == (draft, "", hana)
    assert (extension.was, extension.until, extension.reason) == (was, UNTIL, "The power was out.")
    assert given.closes_at == UNTIL
    client.force_login(draft.applicant)
    page = client.get(draft.get_absolute_url()).text
    sent = client.post(
        f"/applications/{draft.pk}/submit/", {"version": draft.version, "statement": "on"}
    )
    assert "4 May 2039, 23:59 Seoul time" in page
    assert "Extended: The power was out." in page
    assert "<s>" in page
    assert "This later deadline is for you" in page
    assert sent.url == f"/applications/{draft.pk}/receipt/"


def test_only_the_person_is_told_and_it_is_on_record_and_not_public(desk, client, call, draft):
    make.CompleteApplicationFactory(call=call)
    was = call.closes_at

    desk.post(ADDRESS, {**for_person(), "confirm": "yes"})

    letter = Message.objects.get()
    entry = Entry.objects.get(event="extension.given_to_person")
    call.refresh_from_db()
    client.logout()
    assert (letter.to, letter.letter) == (draft.applicant, "applications/extended_for_you")
    assert "Your new deadline is 4 May 2039, 23:59 Seoul time (UTC+9)" in letter.body
    assert "The reason: The power was out." in letter.body
    assert entry.about == f"applications.Application:{draft.pk}"
    assert call.closes_at == was
    assert "power" not in client.get("/workshops/here/call/").text


def test_a_reference_names_the_person_too(desk, sent):
    desk.post(ADDRESS, {**for_person("here-1"), "confirm": "yes"})

    assert Extension.objects.get().application == sent


def test_the_preview_shows_the_letter_and_changes_nothing(desk, draft):
    shown = desk.post(ADDRESS, for_person()).text

    assert "You can write in your application again." in shown
    assert "1 person who has begun an application and not sent it" in shown
    assert '<input type="hidden" name="person" value="aoife@example.org">' in shown
    assert (Extension.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (for_person("nobody@example.org"), "No application to this call has this address"),
        (for_person(""), "Write the address or the reference of the person."),
        (for_country(""), "Choose the country."),
        ({**WHEN, "whom": ""}, "Choose who gets more time."),
        (for_person(hour="00:00"), "Write 23:59 and the day before."),
        (for_person(day="2020-01-01"), "This is not later than the deadline in force."),
        (for_country(day="2020-01-01"), "This is not later than the deadline in force."),
        (for_person(reason=""), "Write the reason: those who are told read it."),
    ],
)
def test_more_time_that_means_nothing_comes_back_with_what_was_typed(desk, draft, facts, words):
    shown = desk.post(ADDRESS, {**facts, "confirm": "yes"})

    assert (shown.status_code, Extension.objects.count()) == (200, 0)
    assert words in shown.text


def test_a_person_who_has_an_answer_needs_no_time(desk, call, draft):
    Application.objects.update(status="accepted", reference="X-1")

    shown = desk.post(ADDRESS, {**for_person(), "confirm": "yes"})

    assert "More time would not help" in shown.text


def test_an_hour_that_the_clock_skips_is_refused(client, hana):
    call = make.CallFactory(workshop__slug="york", workshop__zone="America/New_York")
    make.RoleFactory(workshop=call.workshop, user=hana)
    make.ApplicationFactory(call=call, applicant__email="aoife@example.org")
    client.force_login(hana)

    shown = client.post("/desk/york/extend/some/", for_person(day="2039-03-13", hour="02:30"))

    assert "skip this time on that day" in shown.text


def test_it_has_to_be_later_than_what_the_person_has_already(hana, draft):
    deadline.extend_for_person(draft, until=UNTIL, reason="More.", by=hana)

    with pytest.raises(Refused, match="later than the one in force"):
        deadline.extend_for_person(draft, until=UNTIL, reason="The same.", by=hana)

    assert Extension.objects.count() == 1


def test_who_had_an_answer_meanwhile_gets_no_time(hana, sent):
    Application.objects.update(status="rejected")

    with pytest.raises(Refused, match="More time would not help"):
        deadline.extend_for_person(sent, until=UNTIL, reason="Late mail.", by=hana)

    assert not Extension.objects.exists()


def test_nobody_gives_more_time_to_themselves(desk, hana, call):
    make.FilledApplicationFactory(call=call, applicant=hana)

    answer = desk.post(ADDRESS, {**for_person(hana.email), "confirm": "yes"})

    assert answer.status_code == 409
    assert "Nobody gives more time to themselves." in answer.text
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("own", "status"),
    [
        ({"country": "KH"}, 409),
        ({"country": ""}, 409),
        ({"country": "KH", "status": "withdrawn"}, 409),
        ({"country": "VN"}, 302),
        ({"country": "KH", "status": "rejected", "reference": "1"}, 302),
    ],
    ids=["draft", "no country yet", "withdrawn", "another country", "decided"],
)
def test_nobody_gives_more_time_to_their_own_country(desk, hana, call, draft, own, status):
    make.FilledApplicationFactory(call=call, applicant=hana, **own)

    answer = desk.post(ADDRESS, {**for_country("KH"), "confirm": "yes"})

    assert answer.status_code == status
    assert ("Nobody gives more time to themselves." in answer.text) == (status == 409)
    assert Extension.objects.count() == (status != 409)


def test_a_coordinator_who_applies_elsewhere_gives_time_to_their_country(desk, hana, draft):
    make.FilledApplicationFactory(applicant=hana, country="KH")

    assert desk.post(ADDRESS, {**for_country("KH"), "confirm": "yes"}).status_code == 302


def test_who_changes_something_after_the_preview_finds_what_was_typed(desk, draft):
    shown = desk.post(ADDRESS, {**for_person(), "change": "yes"}).text

    assert 'value="aoife@example.org"' in shown
    assert not Extension.objects.exists()


def test_who_withdrew_may_take_it_up_again(desk, client, draft, call):
    Application.objects.update(status="withdrawn")
    close(call)

    desk.post(ADDRESS, {**for_person(), "confirm": "yes"})

    client.force_login(draft.applicant)
    client.post(f"/applications/{draft.pk}/take-up/")
    assert "You can take your application up again until then." in Message.objects.get().body
    assert Application.objects.get().status == "draft"


# --- One country -------------------------------------------------------------------------


def test_a_country_gets_more_time_and_all_who_began_there_are_told(desk, call, draft):
    neighbour = make.SubmittedApplicationFactory(call=call, country="KH")
    make.FilledApplicationFactory(call=call, country="VN")
    make.SubmittedApplicationFactory(call=call, country="KH", status="withdrawn")

    preview = desk.post(ADDRESS, for_country()).text
    answer = desk.post(ADDRESS, {**for_country(), "confirm": "yes"})

    entry = Entry.objects.get(event="extension.given_to_country")
    windows = {one.country.code: one.closes_at for one in Application.objects.with_deadline().all()}
    assert "Those who work in Cambodia" in preview
    assert "1 person who has begun an application and not sent it" in preview
    assert "1 person who has sent an application and may change it until then" in preview
    assert "Cambodia have more time now" in desk.get(answer.url).text
    assert {letter.to for letter in Message.objects.all()} == {
        draft.applicant,
        neighbour.applicant,
    }
    assert windows == {"KH": UNTIL, "VN": call.closes_at}
    assert entry.facts["country"] == "Cambodia"


def test_nobody_there_means_no_letter(desk, call):
    assert "so no letter is written" in desk.post(ADDRESS, for_country("IS")).text


def test_a_person_with_more_time_than_their_country_is_not_told_of_less(hana, call, draft):
    deadline.extend_for_person(draft, until=UNTIL, reason="Illness.", by=hana)
    Message.objects.all().delete()
    sooner = UNTIL - timedelta(days=1)

    deadline.extend_for_country(call, country="KH", until=sooner, reason="Storm.", by=hana)

    assert Message.objects.count() == 0
    assert Application.objects.get().closes_at == UNTIL


def test_a_country_can_get_still_more_time_and_never_less(hana, call, draft):
    deadline.extend_for_country(call, country="KH", until=UNTIL, reason="Storm.", by=hana)

    with pytest.raises(Refused, match="later than the one in force"):
        deadline.extend_for_country(call, country="KH", until=UNTIL, reason="Storm.", by=hana)


def test_the_page_lists_who_has_more_time_already(desk, hana, call, draft):
    deadline.extend_for_person(draft, until=UNTIL, reason="Illness.", by=hana)
    deadline.extend_for_country(call, country="IS", until=UNTIL, reason="Ash.", by=hana)
    deadline.extend(call, until=UNTIL, reason="For all.", by=hana)

    page = desk.get(ADDRESS).text

    assert "Aoife" in page
    assert "Iceland" in page
    assert "For all." not in page


def test_the_page_of_an_application_shows_staff_the_persons_own_deadline(desk, hana, sent):
    before = desk.get(f"/desk/applications/{sent.pk}/").text
    deadline.extend_for_person(sent, until=UNTIL, reason="Illness.", by=hana)

    after = desk.get(f"/desk/applications/{sent.pk}/").text

    assert "Deadline for this person" not in before
    assert "Deadline for this person" in after
    assert "4 May 2039, 23:59" in after
    assert "Gave this person more time: Illness." in after


# --- Complete, and not sent --------------------------------------------------------------


def test_a_complete_draft_after_the_deadline_stands_on_a_list_with_a_way_to_more_time(
    desk, call, draft
):
    make.FilledApplicationFactory(call=call, given_name="Lacking")
    make.SubmittedApplicationFactory(call=call, given_name="Sent")
    before = desk.get(UNSENT).text
    close(call)

    after = desk.get(UNSENT).text

    assert "Aoife" not in before
    assert "Aoife" in after
    assert f"{ADDRESS}?person=aoife%40example.org" in after
    assert "Lacking" not in after
    assert "Sent</" not in after


def test_the_way_to_more_time_knows_the_person(desk, draft):
    page = desk.get(f"{ADDRESS}?person=aoife@example.org").text

    assert 'value="aoife@example.org"' in page


def test_one_who_has_more_time_is_not_on_the_list(desk, hana, call, draft):
    close(call)
    deadline.extend_for_person(draft, until=UNTIL, reason="Illness.", by=hana)

    assert "aoife@example.org" not in desk.get(UNSENT).text


def test_the_desk_and_the_tasks_say_how_many_were_complete_and_not_sent(desk, call, draft):
    words = "1 application was complete at the deadline and not sent"
    before = desk.get("/tasks/").text
    close(call)

    assert words not in before
    assert words in desk.get("/tasks/").text
    assert words in desk.get("/desk/").text


def test_after_two_weeks_the_desk_is_calm_again(desk, call, draft):
    long_ago = timezone.now() - timedelta(days=15)
    type(call).objects.update(opens_at=long_ago - timedelta(days=9), closes_at=long_ago)

    assert "not sent" not in desk.get("/tasks/").text
    assert "Aoife" in desk.get(UNSENT).text


def test_the_task_of_the_applicant_names_their_own_deadline(client, hana, call, draft):
    close(call)
    deadline.extend_for_person(draft, until=UNTIL, reason="Illness.", by=hana)
    client.force_login(draft.applicant)

    page = client.get("/tasks/").text

    assert "Finish your application" in page
    assert "4 May 2039, 23:59" in page
