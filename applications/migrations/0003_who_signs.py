"""Calls that exist already learn who signs their standard documents on the portal."""

from django.db import migrations

SIGNERS = {
    "nomination": "nominator",
    "commitment": "applicant",
    "waiver": "applicant",
    "consent": "applicant",
}


def say_who_signs(apps, schema_editor):
    documents = apps.get_model("applications", "RequiredDocument").objects
    for slug, signer in SIGNERS.items():
        documents.filter(slug=slug, is_form=True).update(signer=signer)


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_intake")]
    operations = [migrations.RunPython(say_who_signs, migrations.RunPython.noop)]
