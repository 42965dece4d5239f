"""Words sent after the session had ended are there again, and for nobody else."""

from urllib.parse import urlencode

from django.test import Client

from tests import factories as make
from tests.intake.conftest import ANSWERS


def test_what_was_sent_after_the_session_had_ended_is_there_after_signing_in(person, draft):
    typed = {"seen": person.seen(draft, "work"), **ANSWERS["work"], "duties": "Typed for an hour"}
    address = person.at("section", draft.pk, "work")
    person.client.logout()

    way = person.client.post(address, typed)
    person.client.force_login(person.user)
    page = person.client.get(way["Location"].partition("next=")[2])

    shown = page.content.decode()
    draft.refresh_from_db()
    assert way["Location"] == f"/account/login/?{urlencode({'next': address}, safe='/')}"
    assert "Typed for an hour" in shown
    assert "they are not saved yet" in shown
    assert draft.duties != "Typed for an hour"


def test_what_was_kept_is_gone_once_it_is_saved(person, draft):
    typed = {"seen": person.seen(draft, "work"), **ANSWERS["work"], "duties": "Typed for an hour"}
    address = person.at("section", draft.pk, "work")
    person.client.logout()
    person.client.post(address, typed)
    person.client.force_login(person.user)

    person.save(draft, "work", duties="And two more")

    assert person.client.get(address).context["form"].is_bound is False


def test_nobody_else_reads_what_was_kept(person, draft):
    typed = {"seen": "", **ANSWERS["work"], "duties": "Typed for an hour"}
    address = person.at("section", draft.pk, "work")
    stranger = make.UserFactory()
    theirs = make.ApplicationFactory(applicant=stranger, call=draft.call)
    person.client.logout()
    person.client.post(address, typed)
    person.client.force_login(stranger)

    pages = [person.client.get(address), person.client.get(person.at("section", theirs.pk, "work"))]

    assert [page.status_code for page in pages] == [404, 200]
    assert all("Typed for an hour" not in page.content.decode() for page in pages)


def test_after_an_hour_it_is_gone(person, draft):
    address = person.at("section", draft.pk, "work")
    person.client.logout()
    person.client.post(address, {**ANSWERS["work"], "duties": "Typed for an hour"})
    person.client.force_login(person.user)
    session = person.client.session
    session["words"] |= {"at": session["words"]["at"] - 3601}
    session.save()

    assert person.client.get(address).context["form"].is_bound is False


def test_strangers_cannot_fill_the_database(draft, person):
    visitor = Client()
    typed = {**ANSWERS["work"], "duties": "x" * 60_001}

    visitor.post(person.at("section", draft.pk, "work"), typed)
    visitor.post(person.at("section", "00000000-0000-4000-8000-000000000000", "work"), {"a": "b"})

    assert "words" not in visitor.session


def test_a_form_whose_token_is_too_old_shows_what_was_typed(person, draft):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(person.user)

    answer = careful.post(person.at("section", draft.pk, "work"), {"duties": "Typed for an hour"})

    assert answer.status_code == 403
    assert "Typed for an hour" in answer.content.decode()


# --- Sent with a slip --------------------------------------------------------------------


def send(person, draft, query="", **changed):
    typed = {"seen": person.seen(draft, "you"), **ANSWERS["you"], **changed}
    return person.client.post(person.at("section", draft.pk, "you") + query, typed)


def test_a_slip_leads_back_to_the_page_so_that_nothing_is_ever_sent_again_by_going_back(
    person, draft
):
    answer = send(person, draft, "?check", phone="12", city_name="Limerick")

    pages = [person.client.get(answer["Location"]) for _time in range(2)]

    draft.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (
        303,
        person.at("section", draft.pk, "you") + "?check",
    )
    assert ["phone" in page.context["form"].errors for page in pages] == [True, True]
    assert ['value="Limerick"' in page.text for page in pages] == [True, True]
    assert ["<title>Error:" in page.text for page in pages] == [True, True]
    assert ["You had been signed out" in page.text for page in pages] == [False, False]
    assert draft.city_name != "Limerick"


def test_a_slip_that_is_mended_is_forgotten(person, draft):
    address = send(person, draft, phone="12")["Location"]

    mended = send(person, draft, phone="+353 91 123 456")

    assert mended.status_code == 302
    assert person.client.get(address).context["form"].is_bound is False


def test_a_slip_is_forgotten_when_the_page_has_saved_it_by_itself(person, window, draft):
    address = send(person, draft, phone="12")["Location"]

    window(draft, "you").save("city_name", city_name="Limerick")

    assert person.client.get(address).context["form"].is_bound is False


def test_the_words_of_one_part_stand_in_no_other(person, draft):
    send(person, draft, phone="12")

    other = person.client.get(person.at("section", draft.pk, "organisation"))

    assert other.context["form"].is_bound is False


def test_what_is_too_long_to_be_kept_comes_back_at_once(person, draft):
    answer = send(person, draft, phone="12", certificate_name="x" * 60_001)

    assert answer.status_code == 200
    assert {"phone", "certificate_name"} <= set(answer.context["form"].errors)
