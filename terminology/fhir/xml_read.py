"""FHIR XML to resources as JSON has them."""

import re
from copy import deepcopy
from typing import Any, NoReturn

from lxml import etree

from terminology.errors import MalformedInput
from terminology.fhir.definitions import (
    Definition,
    Element,
    primitive_definition,
    resource_definition,
    type_definition,
)
from terminology.fhir.json import MAX_DEPTH, Json, read_decimal
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml_parse import FHIR, XHTML, parse


def loads(body: bytes, version: FhirVersion) -> Json:
    """Read a resource from XML.

    Args:
        body: XML without a DTD, in any encoding that it declares.
        version: whose elements apply. Their order is not checked.

    Returns:
        The resource as JSON has it in `version`; comments and processing instructions are dropped.

    Raises:
        MalformedInput: not XML, a DTD, nested more than `MAX_DEPTH` levels, an element or attribute
            that the version does not define, one repeated that may not be, or a bad value.
    """
    return read(parse(body), version)


def read(root: etree._Element, version: FhirVersion, repeated: list[str] | None = None) -> Json:
    """Read a resource from the element that it stands in.

    Args:
        root: the element; it may be a part of a document.
        version: whose elements apply.
        repeated: takes the names of texts for people, such as `copyright`, that stand there more
            often than they may; where None they are refused, as all else that is repeated. A
            `copyright` is then all that was said, of others the first stands.

    Raises:
        MalformedInput: as `loads`.
    """
    return _Reader(version, repeated).resource(root, 1)


_FOR_PEOPLE = frozenset({"copyright", "description", "publisher", "purpose", "title"})
"""What nothing is computed from, so that saying it twice leaves no doubt about the rest."""

_PARAGRAPH = "\n\n"


class _Reader:
    def __init__(self, version: FhirVersion, repeated: list[str] | None) -> None:
        self.version = version
        self.repeated = repeated
        self.beside = primitive_definition(version)
        self._tags: dict[str, dict[str, Element]] = {}

    def resource(self, node: etree._Element, depth: int) -> Json:
        name = _local_name(node, FHIR)
        definition = resource_definition(name, self.version)
        if definition is None:
            _refuse(node, f"FHIR {self.version.value} has no resource {name}")
        return {"resourceType": name} | self.object(definition, node, depth)

    def object(self, definition: Definition, node: etree._Element, depth: int) -> Json:
        """Read what stands in a node: its attributes and its children."""
        if depth > MAX_DEPTH:
            raise MalformedInput(f"The XML is nested more than {MAX_DEPTH} levels deep.")
        result: Json = {}
        for name, text in node.items():
            if str(name) in definition.attributes:
                result[str(name)] = text
            elif definition is not self.beside or name != "value":
                _refuse_attribute(node, str(name))
        if not len(node):
            _refuse_text(node, node.text)
            return result
        if self._children(result, definition, node, depth + 1):
            return {name: value for name, value in result.items() if not _is_padding(value)}
        return result

    def _children(
        self, result: Json, definition: Definition, node: etree._Element, depth: int
    ) -> bool:
        """Read the children of a node; tells whether a list may hold nothing but None."""
        padded = False
        tags = self._tags.get(definition.name) or self._learn(definition)
        _refuse_text(node, node.text)
        for child in node:
            _refuse_text(node, child.tail)
            element = tags.get(child.tag)
            if element is None:
                self._refuse_child(definition, child)
            text = _plain_text(element, child)
            name = element.name
            if text is not None and name not in result and "_" + name not in result:
                result[name] = text
                continue
            self._put(result, element, child, depth)
            padded = padded or (element.many and element.shape not in ("object", "resource"))
        return padded

    def _learn(self, definition: Definition) -> dict[str, Element]:
        """The elements of a type by their tags."""
        found = self._tags[definition.name] = {
            f"{{{XHTML if element.shape == 'xhtml' else FHIR}}}{name}": element
            for name, element in definition.elements.items()
            if name not in definition.attributes
        }
        return found

    def _refuse_child(self, definition: Definition, node: etree._Element) -> NoReturn:
        name = _local_name(node, FHIR, XHTML)
        if name in definition.elements and name not in definition.attributes:
            _refuse(node, "it is in the wrong namespace")
        _refuse(node, f"FHIR {self.version.value} has no such element in {definition.name}")

    def _put(self, result: Json, element: Element, node: etree._Element, depth: int) -> None:
        name, beside = element.name, "_" + element.name
        value, extra = self._content(element, node, depth)
        if element.many:
            result.setdefault(name, []).append(value)
            if element.shape not in ("object", "resource"):
                result.setdefault(beside, []).append(extra)
            return
        if name in result or beside in result:
            self._repeat(result, name, node, value if extra is None else None)
            return
        if value is not None:
            result[name] = value
        if extra is not None:
            result[beside] = extra

    def _repeat(self, result: Json, name: str, node: etree._Element, value: Any) -> None:
        if self.repeated is None or name not in _FOR_PEOPLE or not isinstance(value, str):
            _refuse(node, "it may stand once")
        self.repeated.append(name)
        said = result.setdefault(name, value)
        if name == "copyright" and value not in said.split(_PARAGRAPH):
            # Whoever shows the resource owes each holder of rights its notice.
            result[name] = said + _PARAGRAPH + value

    def _content(self, element: Element, node: etree._Element, depth: int) -> tuple[Any, Any]:
        if element.shape == "object":
            found = self.object(type_definition(element.type), node, depth)
            return found or _refuse(node, "it is empty"), None
        if element.shape == "xhtml":
            return _narrative(node), None
        if element.shape == "resource":
            if len(node) != 1 or node.attrib:
                _refuse(node, "it must hold one resource and nothing else")
            _refuse_text(node, node.text)
            return self.resource(node[0], depth + 1), None
        text = node.get("value")
        extra = self.object(self.beside, node, depth)
        if text is None and not extra:
            _refuse(node, "it has neither a value nor an extension")
        return None if text is None else _scalar(element.shape, node, text), extra or None


def _plain_text(element: Element, node: etree._Element) -> str | None:
    """The value of a text that stands once and is nothing but it, as nearly all elements are."""
    if element.shape != "string" or element.many or len(node) or node.text:
        return None
    attributes = node.items()
    if len(attributes) != 1 or attributes[0][0] != "value":
        return None
    return str(attributes[0][1])


def _narrative(node: etree._Element) -> str:
    copy = deepcopy(node)
    copy.tail = None
    etree.cleanup_namespaces(copy)
    return etree.tostring(copy, encoding="unicode")


def _scalar(shape: str, node: etree._Element, text: str) -> Any:
    if shape == "string":
        return text
    if shape == "boolean":
        return text == "true" if text in ("true", "false") else _refuse(node, "is true or false")
    if shape == "integer":
        return int(text) if _INTEGER.fullmatch(text) else _refuse(node, "is a whole number")
    if not _DECIMAL.fullmatch(text):
        _refuse(node, "is a decimal number")
    return int(text) if _INTEGER.fullmatch(text) else read_decimal(text)


# As JSON and the regular expressions of https://hl7.org/fhir/R5/datatypes.html#primitive have them.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,307})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,307})(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?")


def _is_padding(value: Any) -> bool:
    return type(value) is list and value.count(None) == len(value)


def _local_name(node: etree._Element, *namespaces: str) -> str:
    name = etree.QName(node)
    if name.namespace not in namespaces:
        _refuse(node, f"it is not in the namespace {namespaces[0]}")
    return name.localname


def _refuse_attribute(node: etree._Element, name: str) -> None:
    # xsi:schemaLocation may stand anywhere: https://hl7.org/fhir/R5/xml.html
    if not name.startswith("{http://www.w3.org/2001/XMLSchema-instance}"):
        _refuse(node, f"it has no attribute {name}")


def _refuse_text(node: etree._Element, text: str | None) -> None:
    if text and not text.isspace():
        _refuse(node, f"the text {text.strip()[:40]!r} must not stand in it")


def _refuse(node: etree._Element, why: str) -> NoReturn:
    raise MalformedInput(
        f"The XML is no FHIR at <{etree.QName(node).localname}> in line {node.sourceline}: {why}."
    )
