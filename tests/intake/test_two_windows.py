"""Two windows on one form at the same moment: nothing that was typed is lost in silence."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.actions.autosave import autosave
from applications.models import Application
from tests import factories as make
from workshop_portal.merging import Change, Fate, Held, fate

QUESTIONS = ("duties", "experience", "motivation", "intention")


def save(application, section="work", **changes):
    """One saving by itself, of a row that was read now."""
    return autosave(
        Application.objects.select_related("call__workshop").get(pk=application.pk),
        section=section,
        changes=changes,
        arrived_at=timezone.now(),
        by=application.applicant,
    )


# --- At the same moment ------------------------------------------------------------------


def together(hands, do):
    """Let many hands do something at once; what each of them got."""
    ready = threading.Barrier(hands)

    def one(hand):
        try:
            ready.wait()
            return do(hand)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=hands) as pool:
        return list(pool.map(one, range(hands)))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_windows_that_save_different_questions_at_once_all_succeed():
    draft = make.FilledApplicationFactory()
    bases = {name: draft.stored(name).mark for name in QUESTIONS}

    def type_into(hand):
        name = QUESTIONS[hand]
        return save(draft, **{name: Change(Held(f"From window {hand}"), bases[name])})

    found = together(len(QUESTIONS), type_into)

    draft.refresh_from_db()
    assert found == [{name: Fate.TAKEN} for name in QUESTIONS]
    assert [getattr(draft, name) for name in QUESTIONS] == [f"From window {n}" for n in range(4)]
    assert draft.version == 4


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_windows_that_save_one_question_at_once_one_wins_and_the_others_are_told():
    draft = make.FilledApplicationFactory()
    base = draft.stored("duties").mark

    found = together(
        6, lambda hand: save(draft, duties=Change(Held(f"From window {hand}"), base))["duties"]
    )

    draft.refresh_from_db()
    assert sorted(one.value for one in found) == ["conflict"] * 5 + ["taken"]
    assert draft.duties == f"From window {found.index(Fate.TAKEN)}"
    assert draft.version == 1


# --- In any order ------------------------------------------------------------------------


def test_what_becomes_of_a_change_is_told_by_what_it_was_based_on():
    old, mine, theirs = Held("old"), Held("mine"), Held("theirs")

    found = [
        fate(Change(mine, old.mark), stored=old),
        fate(Change(mine, old.mark), stored=theirs),
        fate(Change(mine, old.mark), stored=mine),
        fate(Change(old, old.mark), stored=theirs),
        fate(Change(Held("old", ("ol",)), old.mark), stored=Held("old", ("o",))),
        fate(Change(Held(None), old.mark), stored=Held("")),
    ]

    assert found == [
        Fate.TAKEN,
        Fate.CONFLICT,
        Fate.SAME,
        Fate.UNTOUCHED,
        Fate.CONFLICT,
        Fate.SAME,
    ]


@dataclass
class Window:
    """A page with its script: what stands in its fields, and what it knows of the portal."""

    words: dict[str, str]
    bases: dict[str, str]
    stored: dict[str, str]
    shown: set[str] = field(default_factory=set)
    conflicts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def opened(cls, draft):
        words = {name: getattr(draft, name) for name in QUESTIONS}
        bases = {name: draft.stored(name).mark for name in QUESTIONS}
        return cls(dict(words), bases, dict(words), {*words.values()})

    @property
    def copy(self):
        """What the device keeps: all that is not known to be stored."""
        return {name: said for name, said in self.words.items() if said != self.stored[name]}

    def parcel(self):
        due = [name for name in self.copy if name not in self.conflicts]
        return {name: Change(Held(self.words[name]), self.bases[name]) for name in due}

    def hear(self, found, draft):
        for name, what in found.items():
            now = draft.stored(name)
            if what in {Fate.SAME, Fate.TAKEN}:
                self.stored[name], self.bases[name] = now.answer, now.mark
            elif what is Fate.CONFLICT:
                self.conflicts[name] = now.mark
            self.shown.add(now.answer)

    def choose(self, name, draft, *, mine):
        if name not in self.conflicts:
            return
        self.bases[name] = self.conflicts.pop(name)
        if not mine and self.bases[name] == draft.stored(name).mark:
            self.words[name] = self.stored[name] = draft.stored(name).answer


WINDOWS, NAMES = st.sampled_from([0, 1]), st.sampled_from(QUESTIONS[:2])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("type"), WINDOWS, NAMES),
        st.tuples(st.just("save"), WINDOWS, st.booleans()),
        st.tuples(st.just("keep"), WINDOWS, NAMES),
        st.tuples(st.just("take"), WINDOWS, NAMES),
    ),
    max_size=25,
)


@pytest.mark.django_db
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_in_any_order_every_word_is_stored_or_offered_or_on_the_device(steps):
    draft = make.FilledApplicationFactory()
    windows = [Window.opened(draft), Window.opened(draft)]

    for number, (what, who, where) in enumerate(steps):
        window = windows[who]
        before = {name: getattr(draft, name) for name in QUESTIONS}
        if what == "type":
            window.words[where] = f"{who}:{number}"
        elif what == "save":
            found = save(draft, **window.parcel())
            draft.refresh_from_db()
            if where:  # otherwise the answer got lost on its way
                window.hear(found, draft)
        else:
            window.choose(where, draft, mine=what == "keep")

        for name in QUESTIONS:
            is_replaced = getattr(draft, name) != before[name]
            assert not is_replaced or before[name] in window.shown | own_words(who, before[name])
            for one in windows:
                said = one.words[name]
                assert said in {getattr(draft, name), one.copy.get(name)} or said in replaced(
                    one, windows, name
                )


def own_words(who, words):
    """Words that this window had typed itself."""
    return {words} if words.startswith(f"{who}:") else set()


def replaced(window, windows, name):
    """Words of a window that the other one replaced after it had been shown them."""
    return {window.words[name]} & set().union(*(one.shown for one in windows if one is not window))
