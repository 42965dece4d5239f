"""What happens to a framework."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from cityshare.models import Descriptor, Framework, Practice
from workshop_portal.accounts.models import User
from workshop_portal.audit.actions import record
from workshop_portal.workflow import advance


@transaction.atomic
def load_framework(data: dict[str, Any], *, name: str, by: User | None) -> Framework:
    """Read a framework as JSON carries it, and freeze it.

    `data` has `version`, `scale` (the levels, from 1), and `practices`, each with `id`,
    `pillar`, `name`, `question`, `grounded_in` and `levels` (level -> sentence). Loading the
    same version again gives the framework that is there.
    """
    known = Framework.objects.filter(name=name, version=data["version"]).first()
    if known:
        return known
    framework = Framework.objects.create(
        name=name, version=data["version"], levels=len(data["scale"])
    )
    for order, line in enumerate(data["practices"], start=1):
        practice = Practice.objects.create(
            framework=framework,
            order=order,
            code=line["id"],
            pillar=line["pillar"],
            name=line["name"],
            question=line["question"],
            grounded_in=line["grounded_in"],
        )
        Descriptor.objects.bulk_create(
            Descriptor(practice=practice, level=int(level), text=text)
            for level, text in line["levels"].items()
        )
    record("framework.loaded", framework, by=by, practices=len(data["practices"]))
    advance(framework, Framework.Status.FROZEN, by=by)
    return framework
