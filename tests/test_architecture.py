"""The arrows of docs/architecture.md: who may import whom, and what stays off the start."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("service", "conformance", "terminology")
LONGEST_FILE = 300
# A file that has to be longer stands here with its reason.
LONGER_FILES: dict[str, str] = {}

# Each package, and what it may import besides itself.
HOUSE = {
    "service": {"conformance", "terminology"},
    "conformance": {"terminology"},
    "terminology": set[str](),
}

# The same for each room of terminology. "model" stands for it and the other plain modules beside
# it, which know of no room: errors, canonical, ... The adapters to FHIR see nothing but the model.
MODEL = {"model"}
FHIR = MODEL | {"fhir"}
STORE = MODEL | {"store"}
RULES = MODEL | {"rules", "fhir"}
CODESYSTEMS = STORE | RULES | {"codesystems"}
FILTERS = CODESYSTEMS | {"filters"}
MAPS = STORE | {"conceptmaps"}
ANSWERS = FILTERS | {"valuesets", "coverage"}
ROOMS = {
    "model": MODEL,
    "content": MODEL,
    "fhir": FHIR,
    "store": STORE,
    "importers": STORE | {"fhir", "content", "importers"},
    # They get their facts handed in: neither a store nor a code system.
    "rules": RULES,
    # What Medicare's indicators mean is a table that ships, the same for every release of figures.
    "codesystems": CODESYSTEMS | {"content"},
    "conceptmaps": MAPS,
    "filters": FILTERS,
    # Two sides of one question; neither needs the other.
    "valuesets": ANSWERS - {"coverage"},
    "coverage": ANSWERS - {"valuesets"},
    "operations": ANSWERS | MAPS | {"operations"},
}


class Import(NamedTuple):
    """One imported name, with where it stands."""

    path: Path
    line: int
    target: str
    late: bool

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.target}"

    @property
    def top(self) -> str:
        return self.target.partition(".")[0]

    @property
    def package(self) -> str:
        return self.path.relative_to(ROOT).parts[0]


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def imports_of(path: Path) -> Iterator[Import]:
    """The imports of a file; those in functions, or for the type checker only, are late."""
    yield from _imports(ast.parse(path.read_text("utf-8"), str(path)), path, late=False)


def _imports(node: ast.AST, path: Path, *, late: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield from (Import(path, child.lineno, name, late) for name in _names(child, path))
        lazy = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        )
        yield from _imports(child, path, late=late or lazy)


def _names(node: ast.Import | ast.ImportFrom, path: Path) -> Iterable[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = [node.module] if node.module else []
    if node.level:
        base = [*path.relative_to(ROOT).parent.parts[: 1 - node.level or None], *base]
    return [".".join([*base, alias.name]) for alias in node.names]


IMPORTS = [found for path in sources(*PACKAGES) for found in imports_of(path)]


def room_of(module: str) -> str:
    """The room of terminology that a module's dotted name leads into."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else "model"


def refuse(wrong: Iterable[object], why: str) -> None:
    """Fail with a line for each thing that is wrong."""
    lines = [str(thing) for thing in wrong]
    if lines:
        pytest.fail("\n".join([why, *lines]), pytrace=False)


def test_there_is_something_to_check() -> None:
    assert {found.package for found in IMPORTS} >= {"service", "terminology"}


def test_every_folder_of_terminology_is_a_room_with_arrows() -> None:
    folders = {path.parent.name for path in (ROOT / "terminology").glob("*/__init__.py")}
    refuse(sorted(folders - set(ROOMS)), "rooms without arrows; add them to ROOMS:")


def test_packages_import_one_way() -> None:
    refuse(
        (
            found
            for found in IMPORTS
            if found.top in {*PACKAGES, "tests"} - HOUSE[found.package] - {found.package}
        ),
        "service -> conformance -> terminology, and none of them imports tests:",
    )


def test_rooms_of_terminology_import_one_way() -> None:
    refuse(
        (
            found
            for found in IMPORTS
            if found.package == found.top == "terminology"
            and room_of(found.target) not in ROOMS[room_of(_module(found.path))]
        ),
        "operations -> {valuesets, coverage} -> filters -> codesystems -> rules -> store -> model; "
        "importers -> {fhir, store}:",
    )


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_terminology_knows_nothing_of_http() -> None:
    web = {"flask", "werkzeug", "gunicorn", "http", "urllib"}
    allowed = {"http.HTTPStatus", "urllib.parse"}
    refuse(
        (
            found
            for found in IMPORTS
            if found.package == "terminology"
            and found.top in web
            and not any(found.target.startswith(name) for name in allowed)
        ),
        "terminology is used without a web server:",
    )


def test_only_the_wire_knows_a_fhir_version() -> None:
    refuse(
        (
            found
            for found in IMPORTS
            if found.package == "terminology"
            and room_of(_module(found.path)) != "fhir"
            # It carries the endpoint's version, unread, to what writes the wire.
            and found.path != ROOT / "terminology/operations/context.py"
            and found.target.startswith(
                ("terminology.fhir.versions", "terminology.fhir.FhirVersion")
            )
        ),
        "inside terminology everything is R5-shaped; the version is terminology/fhir's business:",
    )


def test_fhir_resources_is_loaded_late_and_in_one_room() -> None:
    # Its models take longer to import than everything else together.
    refuse(
        (
            found
            for found in IMPORTS
            if found.target.startswith("fhir.")
            and not (found.late and "terminology/fhir/" in found.path.as_posix())
        ),
        "fhir.resources may be imported in a function of terminology/fhir, nowhere else:",
    )


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[^A-Za-z0-9_.-]", name)[0] for name in project["dependencies"]}
    import_names = {
        "fhir.resources": "fhir",
        "google-re2": "re2",
        "python-calamine": "python_calamine",
    }
    known = {import_names.get(name, name) for name in declared} | sys.stdlib_module_names
    # Flask's own parts; their versions are locked with it.
    known |= {*PACKAGES, "werkzeug", "jinja2"}
    refuse(
        (found for found in IMPORTS if found.top not in known),
        "not among the dependencies of pyproject.toml:",
    )


def test_no_file_grows_past_its_room() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in sources(*PACKAGES, "tests")
        if "node_modules" not in path.parts
    }
    refuse(
        (
            f"{name} has {length} lines"
            for name, length in lengths.items()
            if length > LONGEST_FILE and name not in LONGER_FILES
        ),
        f"a file of more than {LONGEST_FILE} lines wants to be two:",
    )
    assert all(lengths.get(name, 0) > LONGEST_FILE for name in LONGER_FILES), (
        "LONGER_FILES names a file that is short now, or gone"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import flask.json", [("flask.json", False)]),
        ("from terminology import model", [("terminology.model", False)]),
        ("from . import sibling", [("terminology.store.sibling", False)]),
        ("from ..model import Concept", [("terminology.model.Concept", False)]),
        ("def f():\n    from fhir.resources import x", [("fhir.resources.x", True)]),
        ("if TYPE_CHECKING:\n    import fhir.resources", [("fhir.resources", True)]),
        ("try:\n    import orjson\nexcept ImportError: pass", [("orjson", False)]),
    ],
)
def test_the_checker_reads_imports(text: str, expected: list[tuple[str, bool]]) -> None:
    path = ROOT / "terminology" / "store" / "example.py"
    found = list(_imports(ast.parse(text), path, late=False))
    assert [(one.target, one.late) for one in found] == expected
