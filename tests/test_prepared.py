"""Statements that are written once, and answer like those that are written each time."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count, F
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.utils.safestring import mark_safe

from applications.models import Application, Piece
from tests.factories import ApplicationFactory, UserFactory
from tests.race import at_once
from workshop_portal.accounts.models import User
from workshop_portal.prepared import prepared, prepared_change

pytestmark = pytest.mark.django_db

MOMENT = datetime(2027, 3, 1, 9, 30, 15, 250_000, tzinfo=UTC)


@pytest.fixture
def two():
    """Two applications for one call: in Vietnam of version 3, and in Nepal of version 7."""
    first = ApplicationFactory(country="VN", version=3)
    return first, ApplicationFactory(call=first.call, country="NP", version=7)


def by_key():
    return prepared(lambda pk: Application.objects.select_related("call__workshop").filter(pk=pk))


def test_a_prepared_question_gives_the_rows_of_its_facts_each_time(two):
    question = by_key()

    assert [question(pk=each.pk) for each in (*two, *two)] == [[each] for each in (*two, *two)]
    assert question(pk=uuid4()) == []


def test_what_hangs_on_a_row_comes_with_it(two, django_assert_num_queries):
    question = by_key()

    for each in two:
        with django_assert_num_queries(1):
            [found] = question(pk=each.pk)
            assert found.call.workshop.title == each.call.workshop.title


def test_the_sql_is_written_at_the_first_call_only(two, monkeypatch):
    written, real = [], SQLCompiler.as_sql
    monkeypatch.setattr(SQLCompiler, "as_sql", lambda *args: written.append(1) or real(*args))
    question = by_key()

    for _time in range(3):
        question(pk=two[0].pk)

    # Twice, to be sure that no fact has a part in it.
    assert written == [1, 1]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (lambda rows: rows.values("country"), [{"country": "NP"}]),
        (lambda rows: rows.values_list("country", "version"), [("NP", 7)]),
        (lambda rows: rows.values_list("country", flat=True), ["NP"]),
        (lambda rows: rows.values_list("country").annotate(Count("pk")), [("NP", 1)]),
    ],
)
def test_columns_come_as_they_always_do(two, columns, expected):
    question = prepared(lambda country: columns(Application.objects.filter(country=country)))
    question(country="VN")

    assert question(country="NP") == expected


def test_facts_of_every_kind_find_their_places(two):
    first, second = two
    Application.objects.filter(pk=second.pk).update(changed_at=MOMENT)

    @prepared
    def question(changed_at, country, pk, version):
        near = Application.objects.filter(version=version, changed_at=changed_at)
        return near.filter(country=country, pk=pk, call__applications=pk).distinct()

    facts = {"changed_at": MOMENT, "country": "NP", "pk": second.pk, "version": 7}
    others = {
        "changed_at": MOMENT + timedelta(microseconds=1000),
        "country": "VN",
        "pk": first.pk,
        "version": 8,
    }

    assert question(**facts) == [second]
    for name, fact in others.items():
        assert question(**{**facts, name: fact}) == []


def test_any_facts_give_what_the_question_itself_gives(two):
    def ask(country, version):
        return Application.objects.filter(country=country, version__gte=version).order_by("pk")

    question = prepared(ask)
    facts = [(country, version) for country in ("VN", "NP", "LA") for version in range(9)]

    answers = [question(country=country, version=version) for country, version in facts]
    assert answers == [list(ask(*each)) for each in facts]
    assert sum(map(len, answers)) == 4 + 8


ROWS = Application.objects
SHAPING = {
    "a pattern": (lambda name: ROWS.filter(family_name__contains=name), {"name": "an"}),
    "a slice": (lambda most: ROWS.all()[:most], {"most": 2}),
    "a slice beside a condition": (lambda most: ROWS.filter(version__lt=most)[:most], {"most": 2}),
    "a pattern beside a condition": (
        lambda name: ROWS.filter(family_name=name, given_name__contains=name),
        {"name": "An"},
    ),
    "nothing": (lambda country: ROWS.all(), {"country": "VN"}),
    "an answer that is known": (
        lambda country: ROWS.filter(country=country, pk__in=[]),
        {"country": "VN"},
    ),
    "no fact": (lambda country: ROWS.filter(country=country), {"country": None}),
    "a yes or no": (lambda waits: ROWS.filter(sends_at_close=waits), {"waits": True}),
}


@pytest.mark.parametrize(("shaping", "facts"), SHAPING.values(), ids=SHAPING)
def test_what_a_fact_could_shape_is_refused_before_anything_is_asked(
    shaping, facts, django_assert_num_queries
):
    with django_assert_num_queries(0), pytest.raises(TypeError):
        prepared(shaping)(**facts)


def test_what_changes_by_itself_is_refused():
    turns = count()
    with pytest.raises(TypeError, match="another one"):
        prepared(lambda pk: ROWS.filter(pk=pk, version=next(turns)))(pk=uuid4())


def test_a_number_finds_room_in_the_smallest_column():
    of_order = prepared(lambda order: Piece.objects.filter(order=order))

    assert of_order(order=3) == []


def test_a_safe_text_and_a_member_of_a_choice_are_texts(two):
    of_status = prepared(lambda status: ROWS.filter(status=status).order_by("version"))

    for status in ("draft", mark_safe("draft"), Application.Status.DRAFT):
        assert of_status(status=status) == list(two)


def test_a_row_that_is_gone_is_told_as_such(two):
    question = by_key()

    assert question.one(pk=two[1].pk) == two[1]
    with pytest.raises(Application.DoesNotExist):
        question.one(pk=uuid4())


def test_no_connection_is_kept_for_the_next_call(two):
    question = by_key()
    question(pk=two[0].pk)

    assert question.written.compiler.connection is None


@pytest.mark.parametrize("wrong", [{"pk": "text"}, {"pk": None}, {}, {"pk": uuid4(), "more": 1}])
def test_facts_of_other_kinds_are_refused(two, wrong):
    question = by_key()
    question(pk=two[0].pk)

    with pytest.raises(TypeError):
        question(**wrong)


@pytest.mark.django_db(transaction=True)
def test_many_threads_ask_at_once_each_over_its_own_connection(two):
    question = by_key()

    said, faults = at_once(8, lambda: [question(pk=each.pk) for each in two])

    assert (said, faults) == ([[[each] for each in two]] * 8, [])


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only(two):
    locked = prepared(lambda pk: Application.objects.select_for_update().filter(pk=pk))
    with transaction.atomic():
        assert locked(pk=two[0].pk) == [two[0]]

    with pytest.raises(TransactionManagementError):
        locked(pk=two[0].pk)


# --- Changes -----------------------------------------------------------------------------


def test_a_prepared_change_changes_the_rows_of_its_facts_and_counts_them(two):
    first, second = two
    change = prepared_change(
        lambda pk, now: (
            Application.objects.filter(pk=pk),
            {"version": F("version") + 1, "changed_at": now},
        )
    )

    assert [change(pk=second.pk, now=MOMENT), change(pk=uuid4(), now=MOMENT)] == [1, 0]
    assert [change(pk=second.pk, now=MOMENT + timedelta(seconds=n)) for n in (1, 2)] == [1, 1]
    now = Application.objects.in_bulk()
    assert (now[second.pk].version, now[second.pk].changed_at) == (
        10,
        MOMENT + timedelta(seconds=2),
    )
    assert (now[first.pk].version, now[first.pk].changed_at) == (3, first.changed_at)


def test_rows_can_be_chosen_by_what_they_hang_on(two):
    second = two[1]
    change = prepared_change(
        lambda applicant, version: (
            Application.objects.filter(applicant__email=applicant),
            {"version": version},
        )
    )
    change(applicant="nobody@example.org", version=1)

    assert change(applicant=second.applicant.email, version=20) == 1
    assert sorted(Application.objects.values_list("version", flat=True)) == [3, 20]


def test_a_transaction_in_which_a_change_fails_is_over(two):
    UserFactory(email="taken@example.org")
    change = prepared_change(lambda pk, email: (User.objects.filter(pk=pk), {"email": email}))

    def go_on_after_a_failure():
        with suppress(IntegrityError):
            change(pk=two[0].applicant_id, email="taken@example.org")
        User.objects.count()

    with pytest.raises(TransactionManagementError), transaction.atomic():
        go_on_after_a_failure()


def test_a_part_of_a_list_is_not_changed():
    some = prepared_change(lambda words: (ROWS.all()[:2], {"duties": words}))

    with pytest.raises(TypeError, match="no part of a list"):
        some(words="Others")
