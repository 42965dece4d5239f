"""The forms in which a framework is written as a draft, copied, and taken in from a file."""

from __future__ import annotations

import json
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cityshare import interchange
from cityshare.interchange import LONGEST, Fault, Meaning, NotJson, Sheet
from cityshare.models import Framework
from cityshare.queries.framework import has_cases, level_above
from workshop_portal.fields import Line, is_readable
from workshop_portal.fresh import FreshForm, plain

LEVELS = range(interchange.FEWEST_LEVELS, interchange.MOST_LEVELS + 1)
TAKEN = _("There is a version %(version)s of “%(name)s” already. Choose another version.")


def version_is_free(form: forms.Form, *, but: Framework | None = None) -> None:
    """Note a mistake when there is such a version already."""
    name, version = form.cleaned_data.get("name"), form.cleaned_data.get("version")
    others = Framework.objects.filter(name=name, version=version).values_list("pk", flat=True)
    if {*others} - {but.pk if but else None}:
        form.add_error("version", TAKEN % {"name": name, "version": version})


class FrameworkForm(FreshForm):
    """Name, version, levels and what each means. Fewer levels than before ask for a tick."""

    levels = forms.TypedChoiceField(
        label=_("Number of levels"), coerce=int, choices=[(n, n) for n in LEVELS]
    )
    drop = forms.BooleanField(
        label=_("Delete the sentences of the levels that are gone."), required=False
    )

    class Meta:
        model = Framework
        fields = ["name", "version", "levels", "introduction"]
        formfield_callback = plain
        widgets = {"introduction": forms.Textarea({"rows": 8})}
        help_texts = {
            "version": _("Another one for every wording that cities have rated by, such as 0.2."),
            "introduction": _("Where it comes from, and how levels are meant. Cities read it."),
        }

    def __init__(self, *args: Any, framework: Framework, told: bool, **kwargs: Any) -> None:
        """`told` says whether the person knows the agreed levels of the invented cities."""
        super().__init__(*args, **kwargs)
        self.framework, self.told = framework, told
        meanings = [self._ask_meaning(level) for level in range(1, framework.levels + 1)]
        self.helper.layout = Layout(
            "seen",
            Fieldset(_("The framework"), "name", "version", "introduction"),
            Fieldset(_("Levels"), "levels", *(["drop"] if self.is_bound else []), *meanings),
        )

    def _ask_meaning(self, level: int) -> str:
        """Name and words of one level, in one line."""
        name, words = f"name_{level}", f"words_{level}"
        self.fields[name] = Line(
            label=_("Level %(level)s: name") % {"level": level},
            max_length=LONGEST["meanings.name"],
            required=False,
        )
        self.fields[words] = Line(
            label=_("Level %(level)s: what it means in general") % {"level": level},
            max_length=LONGEST["meanings.words"],
            required=False,
        )
        return Fieldset("", name, words, css_class="level-pair")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        version_is_free(self, but=self.framework)
        levels = cleaned.get("levels")
        if levels and levels < self.framework.levels:
            self._check_fewer(levels, cleaned)
        return cleaned

    def _check_fewer(self, levels: int, cleaned: dict[str, Any]) -> None:
        """No case is on a level that goes. Who is to rate by the cases must not find out so, by
        trying one number after the other, on which levels they are."""
        if not self.told and has_cases(self.framework):
            words = _(
                "Invented cities have cases on these levels, and you rate by them yourself. Ask "
                "somebody who does not to lower the number of levels."
            )
            self.add_error("levels", words)
        elif case := level_above(self.framework, levels):
            words = _("“%(title)s” has a case on a level that would be gone. Change it first.")
            self.add_error("levels", words % {"title": case.dossier.title})
        elif not cleaned.get("drop"):
            self.add_error("drop", _("With fewer levels, the sentences above them are deleted."))

    @property
    def facts(self) -> dict[str, Any]:
        """What an action is given: the columns, and the meaning of every level."""
        said = self.cleaned_data
        meanings = {
            level: Meaning(said[f"name_{level}"], said[f"words_{level}"])
            for level in range(1, self.framework.levels + 1)
        }
        columns = {name: said[name] for name in self.Meta.fields}
        return {**columns, "meanings": meanings}


class NewFrameworkForm(forms.Form):
    """A framework of one's own begins with a name and a number of levels."""

    use_required_attribute = False
    name = Line(label=_("Name"), max_length=LONGEST["name"])
    version = Line(label=_("Version"), max_length=LONGEST["version"], initial="0.1")
    levels = forms.TypedChoiceField(
        label=_("Number of levels"), coerce=int, choices=[(n, n) for n in LEVELS], initial=5
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("begin", _("Begin the draft")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        version_is_free(self)
        return cleaned


class CopyForm(forms.Form):
    """A copy has a version of its own."""

    use_required_attribute = False
    name = Line(label=_("Name"), max_length=LONGEST["name"])
    version = Line(
        label=_("Version of the copy"),
        max_length=LONGEST["version"],
        error_messages={"required": _("Give the copy a version, such as 0.2.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("copy", _("Make the copy")))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        version_is_free(self)
        return cleaned


# --- A file ------------------------------------------------------------------------------

NOT_JSON: dict[str, str | Promise] = {
    "too_large": _("The file has %(size)s; a framework has at most %(most)s."),
    "not_utf8": _("The file is not text in UTF-8. Save it as UTF-8 and try again."),
    "not_json": _("The file is not JSON: something is wrong in line %(line)s, column %(column)s."),
    "key_twice": _("“%(key)s” stands twice in one place of the file."),
    "not_sensible": _("The file holds something that no framework has, and cannot be read."),
}
FAULTS: dict[str, str | Promise] = {
    "empty": _("%(place)s: there is nothing written."),
    "level_missing": _("%(place)s: level %(level)s is missing."),
    "missing": _("%(place)s: “%(key)s” is missing."),
    "no_such_level": _("%(place)s: there is no level %(level)s; there are %(most)s."),
    "no_such_practice": _("%(place)s: there is no practice %(said)s."),
    "not_code": _("%(place)s: a code is made of letters, digits, - and _ only."),
    "not_list": _("%(place)s: this has to be a list."),
    "not_object": _("%(place)s: this has to be an object, with names and values."),
    "not_text": _("%(place)s: this has to be text in quotes."),
    "scale": _("%(place)s: write the levels in order from 1, between %(fewest)s and %(most)s."),
    "too_long": _("%(place)s: this has %(length)s characters; at most %(most)s are possible."),
    "too_alike": _("%(place)s: only capitals tell %(said)s from %(other)s. Change one of them."),
    "too_many": _("%(place)s: there are %(number)s; at most %(most)s are possible."),
    "twice": _("%(place)s: %(said)s is there already."),
    "unknown_key": _("%(place)s: nothing here is called “%(key)s”."),
    "unreadable": _("%(place)s: this text holds a sign that cannot be read or printed."),
}


def harmless(said: object) -> object:
    """What stood in a file, safe to show: what cannot be read or printed as JSON writes it."""
    if not isinstance(said, str):
        return said
    return "".join(sign if is_readable(sign) else json.dumps(sign)[1:-1] for sign in said)


def fault_words(fault: Fault) -> str:
    """What is wrong in a file, with its place: "practices[3].levels (PV4): level 4 is missing."."""
    place = fault.place or gettext("The file")
    place = f"{place} ({harmless(fault.near)})" if fault.near else place
    facts = {name: harmless(said) for name, said in fault.facts.items()}
    return str(FAULTS[fault.code]) % {**facts, "place": place}


def refused_words(no: NotJson) -> str:
    """Why a file is no JSON that can be read."""
    sizes = {n: filesizeformat(v) for n, v in no.facts.items() if n in {"most", "size"}}
    facts = {name: harmless(said) for name, said in no.facts.items()}
    return str(NOT_JSON[no.code]) % {**facts, **sizes}


class ImportForm(forms.Form):
    """A framework as a file of JSON; it becomes a draft."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("File"),
        widget=forms.ClearableFileInput({"accept": ".json,application/json"}),
        help_text=_("JSON, as this portal exports it. At most 5 MB."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
        },
    )
    name = Line(
        label=_("Name"),
        max_length=LONGEST["name"],
        required=False,
        help_text=_("Leave it empty to take the name that stands in the file."),
    )
    version = Line(
        label=_("Version"),
        max_length=LONGEST["version"],
        required=False,
        help_text=_("Leave it empty to take the version that stands in the file."),
    )
    sheet: Sheet | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("import", _("Make a draft of it")))

    def clean_file(self) -> Any:
        """The sheet that the file holds; a mistake for everything that is wrong in it."""
        file = self.cleaned_data["file"]
        try:
            if file.size > interchange.LARGEST_FILE or getattr(file, "too_large", False):
                raise NotJson("too_large", most=interchange.LARGEST_FILE, size=file.size)
            data = interchange.parse(file.read())
        except NotJson as no:
            raise forms.ValidationError(refused_words(no)) from no
        self.sheet, faults = interchange.read(data, is_readable=is_readable)
        if faults:
            raise forms.ValidationError([fault_words(fault) for fault in faults])
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.sheet:
            cleaned["name"] = cleaned.get("name") or self.sheet.name
            cleaned["version"] = cleaned.get("version") or self.sheet.version
            if not cleaned["name"]:
                self.add_error("name", _("The file names no framework. Write its name here."))
            else:
                version_is_free(self)
        return cleaned
