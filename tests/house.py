"""The code base as text and as syntax trees, for the house rules."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
APPS = ["workshop_portal", "applications", "cityshare", "curriculum"]
TEMPLATES = ROOT / "templates"
# What the portal does itself, apart from its demo, its bench and its commands.
PLAYING = {"bench", "demo", "management", "migrations"}


def modules(*folders):
    """Every module below these folders, without migrations."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


EVERYWHERE = modules(*APPS, "tests")
PORTAL = [path for path in modules(*APPS) if not PLAYING & set(path.relative_to(ROOT).parts)]


def relative(path):
    """How a file is called in the name of a test."""
    return str(path.relative_to(ROOT))


def in_room(path, *rooms):
    """Whether a module is one of these rooms, be it a file or a folder."""
    return bool({*path.relative_to(ROOT).parent.parts, path.stem} & {*rooms})


@cache
def tree(path):
    return ast.parse(path.read_text())


def functions(path):
    """Every function and method of a module."""
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]


def length(function, *, with_docstring=True):
    """In lines, from `def` to the end."""
    lines = function.end_lineno - function.lineno + 1
    if not with_docstring and ast.get_docstring(function):
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def calls(path):
    """Every call of a module: the name of what is called, and the call."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


def imported(path):
    """The names that a module has from elsewhere."""
    nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name for node in nodes for alias in node.names}


def pattern(node):
    """A string of the code, with * for what is put in when it runs; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values
        )
    return None
