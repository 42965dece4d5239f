"""The trail: only ever added to, and told in plain words."""

import importlib
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tests.factories import UserFactory, WorkshopFactory
from workshop_portal.audit.actions import note_reading, record
from workshop_portal.audit.models import DocumentAccess, Entry
from workshop_portal.audit.queries import SENTENCES, Line, trail
from workshop_portal.errors import Refused

pytestmark = pytest.mark.django_db
TABLES = ["audit_entry", "audit_documentaccess"]


@pytest.fixture
def lines():
    """A workshop about which one thing is on record in each of the two tables."""
    workshop, person = WorkshopFactory(), UserFactory(given_name="Jane", family_name="Doe")
    record("role.granted", workshop, by=person, role="reviewer")
    note_reading(
        workshop, action="preview", title="cv.pdf", sha256="0" * 64, about=workshop, by=person
    )
    return workshop


def guard():
    """Put every trigger back; the test database lives without those that hinder emptying it."""
    migration = importlib.import_module("workshop_portal.audit.migrations.0002_append_only")
    with connection.cursor() as cursor:
        for table, sentence in migration.TABLES.items():
            for statement in migration.statements(connection.vendor, table, sentence):
                if "CREATE TRIGGER" in statement:
                    name = statement.split()[2]
                    on = f" ON {table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
                cursor.execute(statement)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET target = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_or_shorten_the_trail(lines, table, statement):
    guard()

    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        connection.cursor().execute(statement.format(table))

    assert (Entry.objects.count(), DocumentAccess.objects.count()) == (1, 1)


@pytest.mark.parametrize("table", TABLES)
def test_the_migrations_have_set_the_guards(table):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        found = {name for (name,) in cursor.fetchall()}

    # the tests' own SQLite database is emptied by DELETE: see tests/conftest.py
    events = ["update", "delete"] if connection.vendor == "postgresql" else ["update"]
    assert {f"{table}_no_{event}" for event in events} <= found


@pytest.mark.parametrize("rows", [Entry, DocumentAccess])
def test_the_code_is_refused_too(lines, rows):
    with pytest.raises(Refused):
        rows.objects.update(target="x")
    with pytest.raises(Refused):
        rows.objects.all().delete()


def test_the_story_of_a_thing_holds_what_happened_and_who_read_it(lines):
    reading, event = trail(lines)

    name = f"workshops.Workshop:{lines.pk}"
    assert event == Line(
        at=event.at,
        who="Jane Doe",
        what="Gave the role “reviewer”",
        target=name,
        facts={"role": "reviewer"},
    )
    assert reading == Line(
        at=reading.at,
        who="Jane Doe",
        what="Looked at the document “cv.pdf”",
        target=name,
        is_reading=True,
    )


def test_the_story_of_one_thing_holds_nothing_of_another(lines):
    assert trail(WorkshopFactory()) == []


def test_the_portal_itself_is_named_as_the_one_who_did_it():
    workshop = WorkshopFactory()
    record("participant.seated", workshop, by=None)

    [line] = trail(workshop)

    assert (line.who, line.what) == ("The portal", "Given a seat in the workshop")


def test_an_event_without_a_sentence_or_a_fact_still_shows():
    workshop = WorkshopFactory()
    record("comet.seen", workshop, by=None)
    record("role.granted", workshop, by=None)

    assert [line.what for line in trail(workshop)] == ["Gave the role “—”", "comet.seen"]


@pytest.mark.parametrize("length", [1, 3, 300])
def test_a_long_story_costs_no_more_than_a_short_one(length, django_assert_num_queries):
    workshop, person = WorkshopFactory(), UserFactory()
    for _ in range(length):
        record("role.granted", workshop, by=person)

    with django_assert_num_queries(2):
        found = trail(workshop)

    assert len(found) == length


def test_every_event_that_the_code_records_has_a_sentence():
    folders = [Path(config.path) for config in apps.get_app_configs()]
    sources = [
        path.read_text()
        for folder in folders
        if folder.is_relative_to(settings.BASE_DIR) and ".venv" not in folder.parts
        for path in folder.rglob("*.py")
    ]
    events = {e for source in sources for e in re.findall(r'record\(\s*"([\w.]+)"', source)}

    assert "role.granted" in events
    assert events - {*SENTENCES} == set()


def test_every_step_that_a_thing_can_take_has_a_sentence():
    stepped = [model for model in apps.get_models() if hasattr(model, "STEPS")]
    events = {
        f"{model._meta.model_name}.{to}"
        for model in stepped
        for ends in model.STEPS.values()
        for to in ends
    }

    assert "application.submitted" in events
    assert events - {*SENTENCES} == set()


def test_every_change_of_a_part_of_the_programme_has_a_sentence():
    parts, changes = ["module", "session", "speaker"], ["added", "changed", "deleted"]

    assert {f"{part}.{change}" for part in parts for change in changes} - {*SENTENCES} == set()


def test_a_reading_that_cannot_be_recorded_is_an_error_before_any_byte():
    """The caller gets no row back, so it has nothing to go on with."""
    with pytest.raises(ValueError, match="by"):
        note_reading(
            WorkshopFactory(), action="preview", title="x", sha256="", about=WorkshopFactory(), by=1
        )
