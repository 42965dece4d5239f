"""Two people save the same thing in the same moment: nobody's words are lost in silence."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.test import Client

from cityshare.actions import asset, dossier, market
from cityshare.models import Asset, Assignment, Moderation, Offer, SelfAssessment, Team
from tests import factories as make
from tests import meanwhile as edits
from tests.attacks.pages import forms_of
from tests.cityshare.market import Market
from tests.cityshare.shelf import Shelf
from tests.meanwhile import COLUMNS, MINE, THEIRS, draft
from tests.race import at_once
from workshop_portal.audit.models import Entry
from workshop_portal.errors import Refused, SavedMeanwhile
from workshop_portal.fresh import FreshForm

pytestmark = pytest.mark.django_db
DUE = datetime(2030, 1, 1, tzinfo=UTC)


# --- Columns -----------------------------------------------------------------------------


@pytest.mark.parametrize("edit", COLUMNS)
def test_what_another_saved_after_the_page_was_read_is_not_overwritten(edit):
    one = edit()
    seen, other = (type(one.row).objects.get(pk=one.row.pk) for _ in range(2))
    one.act(other, THEIRS)
    lines = Entry.objects.count()

    with pytest.raises(SavedMeanwhile, match="in the same moment"):
        one.act(seen, MINE)

    assert one.stored() == THEIRS
    assert Entry.objects.count() == lines


@pytest.mark.parametrize("edit", COLUMNS)
def test_two_who_save_the_same_are_both_content(edit):
    one = edit()
    seen, other = (type(one.row).objects.get(pk=one.row.pk) for _ in range(2))

    one.act(other, THEIRS)
    one.act(seen, THEIRS)

    assert one.stored() == THEIRS


@pytest.mark.parametrize("edit", COLUMNS)
def test_the_page_keeps_what_was_typed_and_leads_back_to_the_form(edit, monkeypatch):
    one = edit()

    answer = post_while_another_saves(one, one.save_elsewhere, monkeypatch)

    assert answer.status_code == 409
    assert one.stored() == THEIRS
    assert MINE in [words for _name, words in answer.context["typed"]]
    assert f'href="{one.shown}"' in answer.content.decode()


def post_while_another_saves(one, save_elsewhere, monkeypatch):
    """Send the form; after it was compared with what is stored, somebody else is quicker."""
    client = Client()
    client.force_login(one.by)
    forms = forms_of(one.shown, client.get(one.shown).content.decode())
    fields = next(form.fields for form in forms if one.column in form.kinds)
    compared = FreshForm.is_overtaken

    def and_then_another_saves(form, cleaned):
        found = compared(form, cleaned)
        save_elsewhere()
        return found

    monkeypatch.setattr(FreshForm, "is_overtaken", and_then_another_saves)
    return client.post(one.address, {**fields, one.column: MINE})


def test_what_another_took_away_meanwhile_does_not_come_back():
    one = edits.a_story()
    type(one.row).objects.all().delete()

    with pytest.raises(Refused, match="took this away"):
        one.act(one.row, MINE)

    assert not type(one.row).objects.exists()


@pytest.mark.parametrize("edit", [edits.a_team, edits.a_cycle])
def test_what_is_deleted_while_its_form_is_sent_is_said_to_be_gone(edit, monkeypatch):
    one = edit()
    same = type(one.row).objects.filter(pk=one.row.pk)

    def take_away():
        for kept in (Moderation, Assignment, SelfAssessment, Team):
            kept.objects.all().delete()
        same.delete()

    answer = post_while_another_saves(one, take_away, monkeypatch)

    assert answer.status_code == 409
    assert "Somebody took this away in the same moment" in answer.content.decode()
    assert MINE in [words for _name, words in answer.context["typed"]]
    assert not same.exists()


def test_of_two_first_cases_of_one_practice_the_second_is_refused():
    held, by = draft()
    city = dossier.add_dossier(held, title="Nowhere", text="Invented.", by=by)
    about, words = held.practices.first(), {"level": 2, "why": "So it is."}
    dossier.put_case(city, about, text=THEIRS, **words, by=by)

    with pytest.raises(SavedMeanwhile):
        dossier.put_case(city, about, text=MINE, **words, by=by)

    assert city.cases.get().text == THEIRS


def test_of_two_first_answers_the_second_is_refused():
    example = Market()
    team_, about, by = example.teams["Elm"], example.practices["P2"], example.people["Elm"]
    first, second = Offer(), Offer()
    market.answer_offer(team_, about, yes=True, note=THEIRS, seen=first, by=by)

    with pytest.raises(SavedMeanwhile):
        market.answer_offer(team_, about, yes=True, note=MINE, seen=second, by=by)

    assert Offer.objects.get(team=team_).note == THEIRS


# --- Rows that hang on it ----------------------------------------------------------------


def stories_of_a_principle():
    one = edits.a_principle()
    return one, lambda: one.row.stories.clear(), one.row.stories.count


def sentences_of_a_practice():
    one = edits.a_practice()
    said = one.row.descriptors.filter(level=1)
    return (
        one,
        lambda: said.update(text=THEIRS),
        said.filter(text=f"{one.row.code} at level 1.").count,
    )


def meanings_of_a_framework():
    one = edits.a_framework()
    said = one.row.meanings.filter(level=1)
    return one, lambda: said.update(words=THEIRS), said.filter(words="").count


def deadlines_of_a_cycle():
    one = edits.a_cycle()
    one.row.deadlines.create(stage="self", due_at=DUE)
    soon = DUE - timedelta(days=1)
    said = one.row.deadlines.all()
    return one, lambda: said.update(due_at=soon), said.filter(due_at=DUE).count


def days_of_a_workshop():
    one = edits.a_workshop()
    one.row.days.create(date=date(2030, 9, 1))
    return one, lambda: one.row.days.all().delete(), one.row.days.count


def objectives_of_a_workshop():
    one = edits.a_workshop()
    one.row.objectives.create(order=1, text="As it was")
    said = one.row.objectives.all()
    return one, lambda: said.update(text=THEIRS), said.filter(text="As it was").count


def partners_of_a_workshop():
    one = edits.a_workshop()
    one.row.partners.create(part="partner", name="As it was")
    said = one.row.partners.all()
    return one, lambda: said.update(name=THEIRS), said.filter(name="As it was").count


def speakers_of_a_session():
    one = edits.a_session()
    one.row.speakers.add(make.SpeakerFactory(workshop=one.row.workshop))
    return one, lambda: one.row.speakers.clear(), one.row.speakers.count


PARTS = [
    *(stories_of_a_principle, sentences_of_a_practice, meanings_of_a_framework),
    *(deadlines_of_a_cycle, days_of_a_workshop, objectives_of_a_workshop),
    *(partners_of_a_workshop, speakers_of_a_session),
]


@pytest.mark.parametrize("edit", PARTS)
def test_the_rows_that_hang_on_it_are_not_overwritten_either(edit, monkeypatch):
    one, save_elsewhere, as_they_were = edit()
    assert as_they_were()

    answer = post_while_another_saves(one, save_elsewhere, monkeypatch)

    assert answer.status_code == 409
    assert not as_they_were()
    assert one.stored() != MINE


# --- In the same moment ------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_one_form_at_once_one_succeeds_and_the_others_are_told():
    shelf = Shelf()
    shelf.fill()
    titles = iter(["First", "Second", "Third", "Fourth"])

    def save():
        seen, title = Asset.objects.get(pk=shelf.asset.pk), next(titles)
        together.wait()
        asset.edit(seen, title=title, by=shelf.author)
        return title

    together = Barrier(4)
    stored, faults = at_once(4, save)

    assert [Asset.objects.get().title] == stored
    assert [type(fault) for fault in faults] == [SavedMeanwhile] * 3
    assert Entry.objects.filter(event="asset.edited").count() == 2
