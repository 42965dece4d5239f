"""A city that writes its self-assessment: its people at their browsers, and its windows."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cityshare.models import Cycle, Evidence, SelfAssessment, SelfScore
from tests import factories as make
from tests.cityshare.example import framework
from tests.conftest import GOOD_PDF

JSON = {"Accept": "application/json"}


class City:
    """A city in a cycle of its own, with a focal point, a member and somebody who leads."""

    def __init__(self, *, stage=Cycle.Stage.SELF, name="Alder", **facts):
        self.workshop = make.WorkshopFactory()
        self.cycle = Cycle.objects.create(
            workshop=self.workshop,
            framework=facts.pop("framework", None) or framework(name),
            name=f"The cycle of {name}",
            status=stage,
            **facts,
        )
        self.lead = make.RoleFactory(workshop=self.workshop, role="facilitator").user
        self.team = self.cycle.teams.create(city=make.CityFactory(name=name, country="KH"))
        self.focal, self.member = self.join(is_focal_point=True), self.join()
        self.practices = {p.code: p for p in self.cycle.framework.practices.all()}

    def join(self, **facts):
        user = make.UserFactory(city=self.team.city)
        self.team.members.create(user=user, **facts)
        return user

    def at(self, name, *args):
        return reverse(f"cityshare:{name}", args=[self.cycle.pk, *args])

    def enter(self, stage):
        type(self.cycle).objects.filter(pk=self.cycle.pk).update(status=stage)
        self.cycle.refresh_from_db()
        self.team.cycle.refresh_from_db()

    def score(self, code="P1"):
        return SelfScore.objects.get(assessment__team=self.team, practice__code=code)

    def assessment(self):
        return SelfAssessment.objects.get(team=self.team)

    def fill(self, *codes, current=2, target=3, **facts):
        """Answer practices without a page; all of them when none is named."""
        assessment, _made = SelfAssessment.objects.get_or_create(team=self.team)
        for code in codes or self.practices:
            SelfScore.objects.update_or_create(
                assessment=assessment,
                practice=self.practices[code],
                defaults={"current": current, "target": target, **facts},
            )
        return assessment

    def show(self, code="P1", **facts):
        """Evidence without a page."""
        given = {"kind": "document", "title": "Our plan", "text": "It exists.", **facts}
        return Evidence.objects.create(score=self.score(code), **given)


class Desk:
    """One person of the city at a browser."""

    def __init__(self, city, user, at_once=None):
        self.city, self.user, self.at_once = city, user, at_once
        self.client = Client()
        self.client.force_login(user)

    def get(self, name, *args, **asked):
        return self.client.get(self.city.at(name, *args), asked)

    def post(self, name, *args, **typed):
        return self.client.post(self.city.at(name, *args), typed)

    def form(self, code="P1", page="assess-practice"):
        """The form of a practice as its page shows it now, ready to be sent."""
        form = self.get(page, code).context["form"]
        known = {name: form[name].value() for name in form.fields}
        return {n: "" if v is None else v for n, v in known.items()} | {"seen": form.sign}

    def save(self, code="P1", **typed):
        """Press the button below the form of a practice that was opened just now."""
        return self.post("assess-practice", code, **self.form(code) | typed)

    def give(self, code="P1", **given):
        """Give evidence; the worker has checked it when this returns."""
        facts = {"kind": "document", "title": "Our plan", **given}
        with self.at_once(execute=True):
            return self.post("evidence-add", code, **facts)

    def give_file(self, code="P1", *, name="plan.pdf", content=GOOD_PDF, **given):
        return self.give(code, file=SimpleUploadedFile(name, content), **given)

    def window(self, code="P1"):
        return Window(self, code)


class Window:
    """A page with its script: sends what was typed since, as the script does."""

    def __init__(self, desk, code):
        self.client = desk.client
        self.address = desk.city.at("assess-practice-autosave", code)
        form = desk.get("assess-practice", code).context["form"]
        self.bases = dict(zip(form.questions, form.sign.split("."), strict=True))

    def send(self, **typed):
        said = {"seen": ".".join(self.bases.values()), "changed": [*typed], **typed}
        return self.client.post(self.address, said, headers=JSON)

    def save(self, **typed):
        """What became of each question; the window then knows what is stored."""
        told = self.send(**typed).json()["questions"]
        for name, news in told.items():
            if news["fate"] in {"same", "taken", "untouched"}:
                self.bases[name] = news["mark"]
        return told


def fates(told):
    return {name: news["fate"] for name, news in told.items()}
