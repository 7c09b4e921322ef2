"""Texts and notes of the elements of the tabular list."""

from typing import Any

from terminology.importers.icd10.concepts import NOTES, note
from terminology.model import Property


def notes_of(element: Any) -> list[Property]:
    """The notes to an element, each name's in the order in which they stand."""
    found = []
    for child in element:
        name = child.tag
        if name not in NOTES:
            continue
        if name == "sevenChrDef":
            found += [note(name, text) for text in _definitions(child)]
        else:
            texts = [words(inner) for inner in child] if len(child) else [words(child)]
            found += [note(name, text) for text in texts if text]
    return found


def _definitions(element: Any) -> list[str]:
    """The seventh characters as text; a note after one of them goes with it."""
    texts: list[str] = []
    for child in element:
        if child.tag == "extension":
            texts.append(f"{child.get('char', '')}: {words(child)}")
        elif texts:
            texts[-1] += f"; {words(child)}"
    return texts


def text_of(element: Any, name: str) -> str:
    """The text of a child, empty where there is none."""
    child = element.find(name)
    return "" if child is None else words(child)


def words(element: Any) -> str:
    """The text of an element, its line breaks and double blanks gone."""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return " ".join(text.split())
