"""The house rules that no linter knows."""

import ast
import re
from itertools import product

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs

from applications.models import Decision
from tests.house import (
    EVERYWHERE,
    PORTAL,
    ROOT,
    TEMPLATES,
    calls,
    functions,
    imported,
    in_room,
    length,
    pattern,
    relative,
    tree,
)
from workshop_portal.workflow import Stepped

# Pages of the roof, which belong to no app.
ROOF = ("pages", "public")
DOORS = ("views", *ROOF)
# What the pages of the roof show, put together from all floors.
SHOWN = ("desk", "my_tasks")
PROMISING = ("actions", "access", "queries", "tasks", "worker", "reports", *SHOWN)
PURE = (
    "agreement",
    "assessing",
    "allocation",
    "bounces",
    "checklist",
    "consensus",
    "dates",
    "drawing",
    "eligibility",
    "framing",
    "helping",
    "ics",
    "interchange",
    "lettering",
    "matching",
    "merging",
    "occasions",
    "pairing",
    "postponing",
    "press",
    "proof",
    "reminders",
    "small_counts",
    "river",
    "severity",
    "stairs",
    "standard",
    "timeline",
    "wording",
)
GROUND = (
    "arrival",
    "broker",
    "deadlines",
    "doctor",
    "errors",
    "exports",
    "fields",
    "files",
    "handoff",
    "prepared",
    "spool",
)
WRITES = {
    *("save", "create", "update", "delete"),
    *("bulk_create", "bulk_update", "get_or_create", "update_or_create"),
}
# Modules in which nothing is written; a task may settle the row that it was given.
WRITING_NOTHING = (
    *DOORS,
    *SHOWN,
    "forms",
    "clock",
    "worker",
    "templatetags",
    "middleware",
    "access",
    "queries",
)
SOURCES = {".css", ".html", ".js", ".md", ".py", ".svg", ".toml", ".txt", ".yaml", ".yml"}
FOLDERS = [".ci", ".docker", "static", "templates", "tests"]
PAGES = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
LETTERS = sorted(
    str(path.relative_to(TEMPLATES / "letters").with_suffix(""))
    for path in (TEMPLATES / "letters").glob("*/*.txt")
)
MODELS = [model for model in apps.get_models() if issubclass(model, Stepped)]

each_module = pytest.mark.parametrize("path", PORTAL, ids=relative)
every_module = pytest.mark.parametrize("path", EVERYWHERE, ids=relative)


# --- What fits on a screen ---------------------------------------------------------------


@every_module
def test_a_module_fits_on_a_few_screens(path):
    assert len(path.read_text().splitlines()) <= 400


@every_module
def test_a_function_fits_on_a_screen(path):
    assert [node.name for node in functions(path) if length(node) > 40] == []


@pytest.mark.parametrize("path", [p for p in PORTAL if in_room(p, *DOORS)], ids=relative)
def test_a_view_is_short(path):
    views = [node for node in functions(path) if [a.arg for a in node.args.args][:1] == ["request"]]

    assert [view.name for view in views if length(view, with_docstring=False) > 20] == []


@pytest.mark.parametrize("path", [p for p in PAGES if p.suffix == ".html"], ids=relative)
def test_a_template_fits_on_two_screens(path):
    assert len(path.read_text().splitlines()) <= 120


# --- Where things happen -----------------------------------------------------------------


def is_write(name, call, modules):
    """Whether a call writes to a table; `actions.delete(…)` and `known.update({…})` do not."""
    if name not in WRITES or not isinstance(call.func, ast.Attribute):
        return False
    on_module = isinstance(call.func.value, ast.Name) and call.func.value.id in modules
    on_dictionary = name == "update" and not call.keywords
    return not (on_module or on_dictionary)


@pytest.mark.parametrize("path", [p for p in PORTAL if in_room(p, *WRITING_NOTHING)], ids=relative)
def test_nothing_is_written_outside_actions(path):
    modules = imported(path)

    assert [call.lineno for name, call in calls(path) if is_write(name, call, modules)] == []


@each_module
def test_a_status_moves_by_advance_alone(path):
    assigned = [
        target.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "status"
    ]
    updated = [
        call.lineno
        for name, call in calls(path)
        if name == "update" and "status" in [keyword.arg for keyword in call.keywords]
    ]

    if path.name != "workflow.py":
        assert assigned + updated == []


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_no_template_reads_the_clock(path):
    assert re.search(r"{%\s*now\b|timezone\.now", path.read_text()) is None


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True)


# --- What is promised --------------------------------------------------------------------


def says_too_little(function):
    """Whether a public function of more than three lines is without a docstring."""
    lines = function.end_lineno - function.body[0].lineno + 1
    return not function.name.startswith("_") and lines > 3 and not ast.get_docstring(function)


@pytest.mark.parametrize(
    "path", [p for p in PORTAL if in_room(p, *PROMISING, *PURE, *GROUND)], ids=relative
)
def test_a_function_that_others_call_says_what_it_promises(path):
    public = [node for node in tree(path).body if isinstance(node, ast.FunctionDef)]

    assert [node.name for node in public if says_too_little(node)] == []


def words_of(text):
    """The words of a sentence or of a name, without those that say nothing."""
    found = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower())
    return {word.removesuffix("s") for word in found} - {"a", "an", "of", "the", "thi", "it"}


@each_module
def test_no_docstring_repeats_a_name(path):
    named = [n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    said = {node.name: ast.get_docstring(node) for node in named if ast.get_docstring(node)}

    assert [name for name, text in said.items() if words_of(text) <= words_of(name)] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_status_can_be_reached(model):
    reached = {model._meta.get_field("status").default}
    while more := {to for was in reached for to in model.STEPS.get(was, ())} - reached:
        reached |= more

    assert reached == {*model.Status.values}
    assert {*model.STEPS} <= reached


# --- Letters and templates ---------------------------------------------------------------

LETTER_FIRST = {"post", "post_about", "post_to_leads", "letter_about", "Posting"}


def posted():
    """The letters that the code names; * stands for what is put in when it runs."""
    for path in PORTAL:
        for name, call in calls(path):
            given = [*call.args[:1]] if name in LETTER_FIRST else []
            given += call.args[1:2] if name in {"post_to", "post_to_each"} else []
            given += [k.value for k in call.keywords if k.arg == "letter" and name == "Message"]
            yield from (said for node in given if (said := pattern(node)))


def fits(letter, said):
    return re.fullmatch(re.escape(said).replace(r"\*", r"[a-z_]+"), letter)


@pytest.mark.parametrize("said", sorted(set(posted())))
def test_every_letter_that_is_posted_exists(said):
    assert [letter for letter in LETTERS if fits(letter, said)] != []


@pytest.mark.parametrize("outcome", Decision.Outcome.values)
def test_every_decision_has_its_letter(outcome):
    assert f"applications/{outcome}" in LETTERS


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_is_posted_by_somebody(letter):
    assert [said for said in posted() if fits(letter, said)] != []


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_every_template_compiles(path):
    get_template(str(path.relative_to(TEMPLATES)))


TEXTS = {path: path.read_text() for path in [*PORTAL, *PAGES]}
LIBRARIES = get_app_template_dirs("templates")
# Django looks for these by itself.
BY_CUSTOM = {"404.html", "500.html"}


@pytest.mark.parametrize("path", [p for p in PAGES if "letters" not in p.parts], ids=relative)
def test_every_template_is_shown_somewhere(path):
    name = str(path.relative_to(TEMPLATES))

    used = any(name in text for other, text in TEXTS.items() if other != path)
    replaces = any((folder / name).exists() for folder in LIBRARIES)

    assert used or replaces or name in BY_CUSTOM


# --- What a newcomer reads ---------------------------------------------------------------


def sources():
    """Every text that we have written."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    found += [*PORTAL, *ROOT.glob("*.*")]
    return sorted({path for path in found if path.is_file() and path.suffix in SOURCES})


@pytest.mark.parametrize("path", sources(), ids=relative)
def test_nothing_is_left_to_be_done(path):
    assert re.search(r"\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b", path.read_text()) is None


def names_on_the_map():
    """What the map in the README calls by its name, with `{a,b}` written out."""
    text = (ROOT / "README.md").read_text()
    [drawn] = re.findall(r"## Map of the house.*?```(.*?)```", text, re.DOTALL)
    for name in re.findall(r"[\w/{},]+(?:/|\.py)", drawn):
        parts = [part.split(",") for part in re.split(r"[{}]", name)]
        yield from ("".join(chosen) for chosen in product(*parts))


@pytest.mark.parametrize("name", sorted(set(names_on_the_map())))
def test_what_the_map_shows_is_there(name):
    assert (ROOT / name).exists() or (ROOT / "workshop_portal" / name).exists()


def test_every_package_is_on_the_map():
    folders = {path.parent for path in (ROOT / "workshop_portal").glob("*/__init__.py")}
    wanted = {folder.name for folder in folders} - {"management", "templatetags"}

    assert wanted <= {name.rstrip("/").rpartition("/")[2] for name in names_on_the_map()}


def test_the_readme_names_only_files_that_exist():
    text = (ROOT / "README.md").read_text()
    named = re.findall(r"`([\w/.-]+/[\w.-]+\.(?:py|yml|toml))`|\]\(([\w/.-]+)\)", text)

    assert [name for pair in named for name in pair if name and not (ROOT / name).exists()] == []
