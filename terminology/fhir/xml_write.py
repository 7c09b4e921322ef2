"""Resources as JSON has them to FHIR XML."""

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from itertools import zip_longest
from operator import attrgetter
from typing import Any

from lxml import etree

from terminology.errors import MalformedInput, NotSupported
from terminology.fhir.definitions import (
    Definition,
    Element,
    primitive_definition,
    resource_definition,
    type_definition,
)
from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml_parse import FHIR, XHTML, parse


def dumps(resource: Json, version: FhirVersion) -> bytes:
    """Write a resource as XML.

    Args:
        resource: as JSON has it in `version`.
        version: whose elements and order apply.

    Returns:
        UTF-8 XML. What the version does not define has no place in its XML and is left out;
        characters that XML can't hold become U+FFFD.

    Raises:
        NotSupported: the version has no such resource.
    """
    name = resource.get("resourceType")
    definition = resource_definition(name, version) if isinstance(name, str) else None
    if definition is None:
        raise NotSupported(
            f"FHIR {version.value} has no resource {name!r} to write as XML; ask JSON."
        )
    writer = _Writer(version)
    writer.write(definition, resource, definition.name, f' xmlns="{FHIR}"')
    return ('<?xml version="1.0" encoding="UTF-8"?>' + "".join(writer.out)).encode()


_UNSAFE = re.compile('[\x00-\x1f&<"\ud800-\udfff\ufffe\uffff]')
_ESCAPES = {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def _escape(text: str) -> str:
    return _UNSAFE.sub(lambda found: _ESCAPES.get(found[0], "\ufffd"), text)


class _Writer:
    def __init__(self, version: FhirVersion) -> None:
        self.version = version
        self.out: list[str] = []

    def write(self, definition: Definition, value: Json, tag: str, attributes: str = "") -> None:
        """Write an object as the element `tag`, or nothing where it is empty."""
        for name in definition.attributes:
            if isinstance(text := value.get(name), str):
                attributes += f' {name}="{_escape(text)}"'
        start = len(self.out)
        self.out.append(f"<{tag}{attributes}>")
        for element in self._elements(definition, value):
            _WRITERS.get(element.shape, _Writer.primitives)(self, element, value)
        if len(self.out) > start + 1:
            self.out.append(f"</{tag}>")
        elif attributes:
            self.out[start] = f"<{tag}{attributes}/>"
        else:
            self.out.pop()

    def _elements(self, definition: Definition, value: Json) -> list[Element]:
        names = {key.removeprefix("_") for key in value} - definition.attributes
        found = [definition.elements[name] for name in names if name in definition.elements]
        found.sort(key=attrgetter("index"))
        return found

    def objects(self, element: Element, value: Json) -> None:
        for child in _as_list(value.get(element.name)):
            if isinstance(child, dict):
                self.write(type_definition(element.type), child, element.name)

    def resources(self, element: Element, value: Json) -> None:
        for child in _as_list(value.get(element.name)):
            name = child.get("resourceType") if isinstance(child, dict) else None
            definition = resource_definition(name, self.version) if isinstance(name, str) else None
            if definition is not None:
                self.out.append(f"<{element.name}>")
                # A resource is told by its tag, so it stays where it has no elements.
                size = len(self.out)
                self.write(definition, child, definition.name)
                if len(self.out) == size:
                    self.out.append(f"<{definition.name}/>")
                self.out.append(f"</{element.name}>")

    def primitives(self, element: Element, value: Json) -> None:
        beside = primitive_definition(self.version)
        values = _as_list(value.get(element.name))
        extras = _as_list(value.get("_" + element.name))
        for scalar, extra in zip_longest(values, extras):
            attribute = "" if (text := _text(scalar)) is None else f' value="{text}"'
            self.write(beside, extra if isinstance(extra, dict) else {}, element.name, attribute)

    def narrative(self, element: Element, value: Json) -> None:
        if isinstance(div := value.get(element.name), str):
            self.out.append(_xhtml(div))


_WRITERS: dict[str, Callable[[_Writer, Element, Json], None]] = {
    "object": _Writer.objects,
    "resource": _Writer.resources,
    "xhtml": _Writer.narrative,
}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(scalar: Any) -> str | None:
    if isinstance(scalar, str):
        return _escape(scalar)
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    return str(scalar) if isinstance(scalar, int | Decimal | float) else None


_NAMED_ENTITY = re.compile("&(?!amp;|lt;|gt;|quot;|apos;)[A-Za-z][A-Za-z0-9]*;")


def _xhtml(div: str) -> str:
    """Give a narrative as an element that can stand in XML; as plain text where it is no XHTML."""
    # HTML's names for characters, such as &nbsp;, are none in XML without a DTD.
    text = _NAMED_ENTITY.sub(lambda found: _escape(unescape(found[0])), div.strip())
    if text.startswith("<div") and "xmlns" not in text.partition(">")[0]:
        text = f'<div xmlns="{XHTML}"{text[4:]}'
    try:
        root = parse(text.encode(errors="replace"))
    except MalformedInput:
        root = None
    if root is None or root.tag != f"{{{XHTML}}}div":
        return f'<div xmlns="{XHTML}">{_escape(div)}</div>'
    return etree.tostring(root, encoding="unicode")
