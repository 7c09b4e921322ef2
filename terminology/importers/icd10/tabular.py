"""The tabular list of ICD-10-CM in XML: chapters, sections, codes and the notes to them.

Read as a stream, one category of three characters at a time.
https://www.cdc.gov/nchs/icd/icd-10-cm/files.html
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from msgspec import Struct

from terminology.importers.entry import Entry
from terminology.importers.guard import damaged
from terminology.importers.icd10.concepts import (
    CHAPTER,
    SECTION,
    concept_of,
    dotted,
    group_of,
)
from terminology.importers.icd10.markup import notes_of, text_of
from terminology.importers.icd10.order import CM, CODES
from terminology.importers.icd10.sevenths import Sevenths
from terminology.importers.problems import Tally, UnreadableSource
from terminology.model import Concept, Property

ROOT = "ICD10CM.tabular"
_CODE = "diag"


class Node(Struct, frozen=True):
    """A chapter, a section or a code.

    Attributes:
        kind: `chapter`, `section`, empty for a code.
        code: without its point; sections have ranges, `A00-A09`.
        text: what it is called.
        parent: the code of what it is in, None for a chapter.
        notes: to it.
        sevenths: what can be added to it: each seventh character with what it stands for.
        is_leaf: whether nothing is below it, not even with a seventh character.
    """

    kind: str
    code: str
    text: str
    parent: str | None
    notes: list[Property]
    sevenths: dict[str, str]
    is_leaf: bool


def looks_like(entry: Entry) -> bool:
    """Whether a file begins as the tabular list does."""
    named = entry.base.lower().endswith(".xml")
    return named and f"<{ROOT}".encode() in entry.start()


def year_of(entry: Entry) -> str | None:
    """The fiscal year that stands at the head of the list."""
    found = re.search(rb"<version>\s*(20\d\d)\s*</version>", entry.start())
    return found[1].decode() if found else None


def read_nodes(entry: Entry, tally: Tally) -> Iterator[Node]:
    """Every chapter, section and code in the order of the list, each above what is in it.

    Codes with a seventh character are not among them, but in `sevenths`.

    Raises:
        UnreadableSource: it is no well-formed XML, has a DTD, or holds no code.
    """
    reader = _Reader(entry.label, tally)
    with entry.open() as stream:
        try:
            events = etree.iterparse(
                stream,
                tag=(CHAPTER, SECTION, _CODE),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            for _, element in events:
                nodes = reader.ended(element)
                if nodes is not None:
                    yield from nodes
                    element.clear()
        except etree.XMLSyntaxError as error:
            raise damaged(entry.label, error) from None
    if not reader.has_codes:
        raise UnreadableSource(f"{entry.label} holds no code of ICD-10-CM.")


def concept_of_node(node: Node) -> Concept:
    """The concept of a node."""
    if node.kind:
        return group_of(node.kind, node.code, node.text, node.notes)
    return concept_of(dotted(node.code), node.text, "", node.notes, valid=node.is_leaf)


class _Reader:
    """What the elements give, one after the other as they end."""

    def __init__(self, label: str, tally: Tally) -> None:
        self.has_codes = False
        self._label = label
        self._tally = tally
        self._chapter: Any = None
        self._section: Any = None
        self._parent = ""
        self._shared: list[Property] = []
        self._headings: list[tuple[str, str, str]] = []
        self._seen: set[str] = set()

    def ended(self, element: Any) -> list[Node] | None:
        """The nodes of an element that has ended, None for a code within another one."""
        above = element.getparent()
        if above is None:
            return None
        nodes: list[Node] = []
        if element.tag == _CODE:
            if above.tag != SECTION:
                return None
            if above is not self._section:
                self._begin(above, text_of(element, "name"), nodes)
            self._take(element, self._parent, Sevenths({}), nodes)
        elif element.tag == SECTION and element is not self._section:
            self._begin(element, None, nodes)
        elif element.tag == CHAPTER:
            self._begin_chapter(element, nodes)
        return nodes

    def _begin_chapter(self, chapter: Any, nodes: list[Node]) -> None:
        if chapter is self._chapter:
            return
        if chapter.getroottree().docinfo.doctype:
            raise UnreadableSource(
                f"{self._label} has a DTD (<!DOCTYPE ...>), which the tabular list has not; it was"
                " not read."
            )
        self._chapter, self._headings = chapter, []
        self._parent = text_of(chapter, "name")
        self._add(chapter, self._parent, None, nodes, CHAPTER)

    def _begin(self, section: Any, first: str | None, nodes: list[Node]) -> None:
        """A section with its first category; one without any is a heading of those after it."""
        self._begin_chapter(section.getparent(), nodes)
        self._section, self._shared = section, []
        code = section.get("id") or ""
        start, _, last = code.partition("-")
        end = last or start
        while self._headings and not self._headings[-1][1] <= start <= end <= self._headings[-1][2]:
            self._headings.pop()
        above = self._headings[-1][0] if self._headings else text_of(self._chapter, "name")
        if code == first:
            # A section of one category has no name of its own.
            self._parent, self._shared = above, notes_of(section)
            return
        self._parent = code
        self._add(section, code, above, nodes, SECTION)
        if first is None:
            self._headings.append((code, start, end))

    def _add(
        self, element: Any, code: str, parent: str | None, nodes: list[Node], kind: str
    ) -> None:
        text = text_of(element, "desc")
        if self._is_sound(element, code, text):
            nodes.append(Node(kind, code, text, parent, notes_of(element), {}, is_leaf=False))

    def _take(self, element: Any, parent: str, above: Sevenths, nodes: list[Node]) -> None:
        """A code and those in it."""
        code, text = text_of(element, "name").replace(".", ""), text_of(element, "desc")
        if not self._is_sound(element, code, text, is_code=bool(CODES[CM].fullmatch(code))):
            return
        self.has_codes = True
        sevenths = above.within(element, code, self._tally)
        below = element.findall(_CODE)
        added = {} if below else sevenths.of(code)
        notes = [*self._shared, *notes_of(element)] if code == self._section.get("id") else None
        nodes.append(
            Node(
                "",
                code,
                text,
                parent,
                notes_of(element) if notes is None else notes,
                added,
                is_leaf=not below and not added,
            )
        )
        for inner in below:
            self._take(inner, code, sevenths, nodes)

    def _is_sound(self, element: Any, code: str, text: str, *, is_code: bool = True) -> bool:
        self._tally.rows += 1
        if not code or not is_code:
            reason = f"{code!r} is no code"
        elif code in self._seen:
            reason = f"{code} stands there a second time"
        elif not text:
            reason = f"there is no text for {code}"
        else:
            self._seen.add(code)
            return True
        self._tally.bad(self._label, element.sourceline or 0, reason)
        return False
