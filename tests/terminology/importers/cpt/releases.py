"""Releases of CPT on disk, whole or spoilt, and what is read of them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from terminology.model import Concept
from tests.terminology.importers.generate import cpt
from tests.terminology.importers.reading import Whole, load, refusal

KIND = "cpt"
LICENSED = Options(accept_license=True)
STRICT = Options(accept_license=True, threshold=Threshold(number=0))
LENIENT = Options(accept_license=True, threshold=Threshold(share=1))
CODES = ("0001F", "0001U", "0002M", "0042T", "12345", "12346", "20100", "99213")

Change = Callable[[str], str]


def release(folder: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """A small release in a folder named for its year; None leaves a file out."""
    files: dict[str, str | None] = {**cpt.delivery(0, codes=CODES), **(changes or {})}
    kept = {name: text for name, text in files.items() if text is not None}
    return cpt.written(folder / "cpt-2026", kept)


def changed(name: str, change: Change) -> dict[str, str | None]:
    """One file of the small release after a change."""
    return {name: change(cpt.delivery(0, codes=CODES)[name])}


def read(path: Path, options: Options = LICENSED) -> Whole:
    """All of a release, for somebody who holds the license."""
    return load(KIND, path, options)


def refused(path: Path, options: Options = STRICT) -> str:
    """The message with which a release is refused."""
    return refusal(KIND, path, options)


def concepts(path: Path, options: Options = LICENSED) -> dict[str, Concept]:
    """The concepts by code; no code stands there twice."""
    (placed,) = read(path, options).concepts
    found = {one.concept.code: one.concept for one in placed}
    assert len(found) == len(placed)
    return found


def values(concept: Concept) -> dict[str, list[str | None]]:
    """Each property's values as text."""
    found: dict[str, list[str | None]] = {}
    for prop in concept.property:
        found.setdefault(prop.code, []).append(prop.text())
    return found


def names(concept: Concept) -> dict[str | None, list[str]]:
    """The designations by the code of their use."""
    found: dict[str | None, list[str]] = {}
    for name in concept.designation:
        found.setdefault(name.use.code if name.use else None, []).append(name.value)
    return found
