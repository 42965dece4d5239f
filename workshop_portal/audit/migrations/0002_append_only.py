"""The database itself refuses to rewrite or shorten the trail."""

from django.db import migrations

TABLES = {
    "audit_entry": "The trail is never rewritten.",
    "audit_documentaccess": "The record of readings is never rewritten.",
}


def guard(apps, schema_editor):
    for table, sentence in TABLES.items():
        for statement in statements(schema_editor.connection.vendor, table, sentence):
            schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for table in TABLES:
        for event in ("update", "delete"):
            on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER {table}_no_{event}{on}")


def statements(vendor, table, sentence):
    if vendor == "postgresql":
        yield (
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger AS $$ "
            f"BEGIN RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END; "
            "$$ LANGUAGE plpgsql"
        )
    for event in ("update", "delete"):
        head = f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table}"
        if vendor == "postgresql":
            yield f"{head} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        else:
            yield f"{head} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
