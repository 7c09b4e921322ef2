"""Resources in files, of any FHIR version, in JSON or XML: found, checked, and turned R5-shaped."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import msgspec
from lxml import etree

from terminology.errors import MalformedInput, NotSupported
from terminology.fhir.bulk import Thinned, decoded, thinned
from terminology.fhir.convert import from_version
from terminology.fhir.convert.steps import as_list
from terminology.fhir.json import Json, decode_any, decode_parts
from terminology.fhir.outcome import Issue
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml_parse import FHIR, parse
from terminology.fhir.xml_read import read as read_node
from terminology.model import CodeSystem, Concept, ConceptMap, ValueSet

Versions = tuple[FhirVersion, ...]
"""The versions that a resource may be of."""
ANY_VERSION: Versions = (FhirVersion.R4, FhirVersion.R5)
"""Where nothing tells. What is right in both is the same in both but for extensions, by which R4
holds what came with R5: so R4 is tried first, and R4B adds nothing to it."""
_DRAFTS = {"4.0": FhirVersion.R4, "4.1": FhirVersion.R4B, "4.3": FhirVersion.R4B}
_OF_R5 = ("4.2", "4.4", "4.5", "4.6", "5.0")
_XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff")
_BEFORE = b"\xef\xbb\xbf \t\r\n"
_FIRST = 3
_UNREADABLE = 1 << 30


def versions_named(names: Iterable[str]) -> Versions:
    """The versions behind names such as `4.0.1`, as packages and implementation guides give them.

    Ballots and drafts count as what became of them: http://hl7.org/fhir/directory.html.

    Returns:
        `ANY_VERSION` where none is named.

    Raises:
        NotSupported: none of them can be read.
    """
    named = list(names)
    found: dict[FhirVersion, None] = {}
    for name in named:
        number = ".".join(name.split("-")[0].split(".")[:2])
        version = FhirVersion.R5 if number in _OF_R5 else _DRAFTS.get(number)
        if version is not None:
            found[version] = None
    if named and not found:
        raise NotSupported(f"It is of FHIR {', '.join(named)}; R4, R4B and R5 can be read.")
    return tuple(found) or ANY_VERSION


class Incoming(msgspec.Struct, frozen=True):
    """A resource that was checked.

    Attributes:
        resource: R5-shaped; a code system's without its concepts, where they are in `concepts`.
        concepts: of a code system, where the model's classes hold all that they say; else None.
        repeated: texts that stood there more often than they may, see `xml_read.read`.
    """

    resource: Json
    concepts: list[Concept] | None = None
    repeated: list[str] = []


class FoundResource(ABC):
    """A resource in a file, of which nothing but its type is known.

    Attributes:
        type: its `resourceType`.
        path: where it is in the file, such as `Bundle.entry[2].resource`; empty for the file's own.
    """

    def __init__(self, type_: str, path: str) -> None:
        """Made by `resources_in`."""
        self.type = type_
        self.path = path

    def read(self, versions: Versions) -> Incoming:
        """Read it as the first of some versions that its structure is right in.

        Raises:
            MalformedInput: it is right in none; of the version in which the least is wrong the
                message tells what.
        """
        wrong: list[tuple[int, str]] = []
        for version in versions:
            try:
                resource, repeated = self._shaped(version)
                thin = thinned(resource, version)
                issues = thin.issues(version)
                if not issues:
                    return _incoming(resource, thin, version, repeated)
                wrong.append((len(issues), _told(issues)))
            except MalformedInput as error:
                wrong.append((_UNREADABLE, self._reason(error)))
        raise MalformedInput(min(wrong, key=lambda each: each[0])[1])

    @abstractmethod
    def texts(self, name: str) -> list[str]:
        """The values of an element of texts that it has at its top, empty where there are none."""

    @abstractmethod
    def _shaped(self, version: FhirVersion) -> tuple[Json, list[str]]:
        """The resource in the shape of a version, and what it says repeatedly."""

    def _reason(self, error: MalformedInput) -> str:
        """What is wrong with it, in words that name its place in the file."""
        return error.message


def resources_in(body: bytes) -> Iterator[FoundResource]:
    """Find the resources of a file; of a Bundle, those that it holds, however deep.

    Args:
        body: JSON or XML, with or without a byte order mark.

    Yields:
        Nothing where it is JSON or XML, but not FHIR's.

    Raises:
        MalformedInput: it is neither, or has a DTD, or is nested too deep.
    """
    start = body[:64].lstrip(_BEFORE)
    if start.startswith(_XML_STARTS):
        root = parse(body)
        if root.tag.startswith(f"{{{FHIR}}}"):
            yield from _of_node(root, "")
    elif start.startswith(b"{"):
        yield from _of_parts(decode_parts(body), "", body)
    else:
        decode_any(body)


class _JsonResource(FoundResource):
    def __init__(self, parts: dict[str, msgspec.Raw], path: str, body: bytes) -> None:
        super().__init__(_text(parts), path)
        self._parts = parts
        self._body = body

    def texts(self, name: str) -> list[str]:
        value = decoded(self._parts.get(name))
        return [each for each in as_list(value) if isinstance(each, str)]

    def _shaped(self, version: FhirVersion) -> tuple[Json, list[str]]:
        return {name: self._value(name, raw) for name, raw in self._parts.items()}, []

    def _value(self, name: str, raw: msgspec.Raw) -> Any:
        if name == "concept" and self.type == "CodeSystem":
            with suppress(msgspec.ValidationError):
                return _LIST.decode(raw)
        return decoded(raw)

    def _reason(self, error: MalformedInput) -> str:
        # A part does not know in which line of the file it stands.
        try:
            decode_any(self._body)
        except MalformedInput as placed:
            return placed.message
        return error.message


_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_ENTRIES = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _of_parts(parts: dict[str, msgspec.Raw], path: str, body: bytes) -> Iterator[FoundResource]:
    found = _JsonResource(parts, path, body)
    if found.type != "Bundle" or "entry" not in parts:
        if found.type not in ("", "Bundle"):
            yield found
        return
    try:
        entries = _ENTRIES.decode(parts["entry"])
        inner = [_PARTS.decode(entry.get("resource", b"{}")) for entry in entries]
    except msgspec.MsgspecError:
        raise MalformedInput(
            f"`{path or 'Bundle'}.entry` has to be a list of objects, `resource` an object in each."
        ) from None
    for number, held in enumerate(inner):
        yield from _of_parts(held, f"{path or 'Bundle'}.entry[{number}].resource", body)


def _text(parts: dict[str, msgspec.Raw]) -> str:
    value = decoded(parts.get("resourceType"))
    return value if isinstance(value, str) else ""


class _XmlResource(FoundResource):
    def __init__(self, node: etree._Element, path: str) -> None:
        super().__init__(etree.QName(node).localname, path)
        self._node = node

    def texts(self, name: str) -> list[str]:
        found = (child.get("value") for child in self._node.iterfind(f"{{{FHIR}}}{name}"))
        return [value for value in found if value is not None]

    def _shaped(self, version: FhirVersion) -> tuple[Json, list[str]]:
        repeated: list[str] = []
        return read_node(self._node, version, repeated), repeated


def _of_node(node: etree._Element, path: str) -> Iterator[FoundResource]:
    found = _XmlResource(node, path)
    if found.type != "Bundle":
        yield found
        return
    for number, entry in enumerate(node.iterfind(f"{{{FHIR}}}entry")):
        for held in entry.iterfind(f"{{{FHIR}}}resource/*"):
            yield from _of_node(held, f"{path or 'Bundle'}.entry[{number}].resource")


def _told(issues: list[Issue]) -> str:
    told = "; ".join(issue.text for issue in issues[:_FIRST])
    return told + (f"; and {len(issues) - _FIRST} more" if len(issues) > _FIRST else "")


def _incoming(resource: Json, thin: Thinned, version: FhirVersion, repeated: list[str]) -> Incoming:
    root = resource["resourceType"]
    if root != "CodeSystem":
        shaped = from_version(resource, version)
        if root in _MODELS:
            _as_model(shaped, _MODELS[root])
        return Incoming(shaped, None, repeated)
    # What has the usual form is the same in every version.
    head = from_version(thin.resource, version)
    _as_model(head, CodeSystem)
    if "concept" not in head:
        return Incoming(head, [], repeated)
    unusual = head["concept"]
    items: list[Any] = resource["concept"]
    for place, concept in zip(thin.kept[f"{root}.concept"], unusual, strict=True):
        items[place] = concept
    if not all(_is_held(concept) for concept in unusual):
        whole = head | {"concept": [decoded(item) for item in items]}
        return Incoming(whole, None, repeated)
    bare = {name: value for name, value in head.items() if name != "concept"}
    return Incoming(bare, [_concept(item) for item in items], repeated)


_MODELS: dict[str, type[Any]] = {"ValueSet": ValueSet, "ConceptMap": ConceptMap}
_CONCEPT = msgspec.json.Decoder(Concept)


def _concept(item: Any) -> Concept:
    return _CONCEPT.decode(item) if type(item) is msgspec.Raw else msgspec.convert(item, Concept)


def _is_held(concept: Json) -> bool:
    """Whether the model has a place for all that a concept says."""
    held: Json = msgspec.to_builtins(msgspec.convert(concept, Concept), builtin_types=[Decimal])
    return held == concept


def _as_model(resource: Json, model: type[Any]) -> None:
    """Make sure that the engine can read it: a code that is but an extension it can't.

    Raises:
        MalformedInput: it can't.
    """
    try:
        msgspec.convert(resource, model)
    except msgspec.ValidationError as error:
        raise MalformedInput(f"It lacks what the service needs of it: {error}.") from None
