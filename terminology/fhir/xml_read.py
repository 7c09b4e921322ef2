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
    return _Reader(version).resource(parse(body), 1)


class _Reader:
    def __init__(self, version: FhirVersion) -> None:
        self.version = version
        self.beside = primitive_definition(version)

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
        for name, text in node.attrib.items():
            if str(name) in definition.attributes:
                result[str(name)] = text
            elif definition is not self.beside or name != "value":
                _refuse_attribute(node, str(name))
        _refuse_text(node, node.text)
        for child in node:
            _refuse_text(node, child.tail)
            element = definition.elements.get(_local_name(child, FHIR, XHTML))
            if element is None or element.name in definition.attributes:
                _refuse(
                    child, f"FHIR {self.version.value} has no such element in {definition.name}"
                )
            self._put(result, element, child, depth + 1)
        return {name: value for name, value in result.items() if not _is_padding(value)}

    def _put(self, result: Json, element: Element, node: etree._Element, depth: int) -> None:
        name, beside = element.name, "_" + element.name
        value, extra = self._content(element, node, depth)
        if element.many:
            result.setdefault(name, []).append(value)
            if element.shape not in ("object", "resource"):
                result.setdefault(beside, []).append(extra)
            return
        if name in result or beside in result:
            _refuse(node, "it may stand once")
        if value is not None:
            result[name] = value
        if extra is not None:
            result[beside] = extra

    def _content(self, element: Element, node: etree._Element, depth: int) -> tuple[Any, Any]:
        if (element.shape == "xhtml") != node.tag.startswith(f"{{{XHTML}}}"):
            _refuse(node, "it is in the wrong namespace")
        if element.shape == "xhtml":
            return _narrative(node), None
        if element.shape == "resource":
            if len(node) != 1 or node.attrib:
                _refuse(node, "it must hold one resource and nothing else")
            _refuse_text(node, node.text)
            return self.resource(node[0], depth + 1), None
        if element.shape == "object":
            found = self.object(type_definition(element.type), node, depth)
            return found or _refuse(node, "it is empty"), None
        text = node.get("value")
        extra = self.object(self.beside, node, depth)
        if text is None and not extra:
            _refuse(node, "it has neither a value nor an extension")
        return None if text is None else _scalar(element.shape, node, text), extra or None


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
