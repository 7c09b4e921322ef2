"""Whether a resource has the structure of its type: elements, types, cardinality, codes.

The facts are those of `fhir.resources`. What its models let pass is looked for here first: a value
of another JSON type than the element's, a primitive that is missing, a code that its value set
does not have. Then the models look at the rest, which is the form of dates, ids and the like.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib import import_module
from itertools import islice
from typing import Any

from terminology.fhir.definitions import (
    PACKAGES,
    Definition,
    Element,
    primitive_definition,
    resource_definition,
    type_definition,
)
from terminology.fhir.json import Json
from terminology.fhir.outcome import Issue
from terminology.fhir.structure_texts import form_of, told
from terminology.fhir.versions import FhirVersion

MOST = 100
"""How many issues are told of one resource; what is wrong everywhere is no list for people."""

_TYPES: dict[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "decimal": (int, float, Decimal),
    "string": (str,),
    "xhtml": (str,),
}
_KINDS = {
    "boolean": "true or false",
    "integer": "a whole number, without quotes",
    "decimal": "a number, without quotes",
    "string": "a text in quotes",
    "xhtml": "a text in quotes",
}
_FORMS = {name: re.compile(r"\S+") for name in ("uri", "url", "canonical")} | {
    "id": re.compile(r"[A-Za-z0-9\-.]{1,64}")
}
"""What the models take for any text: https://hl7.org/fhir/R5/datatypes.html#uri."""
_NAME = re.compile(r"[A-Za-z]\w{0,63}", re.ASCII)
_COMPARATORS = ("<", "<=", ">=", ">")
"""https://hl7.org/fhir/R5/valueset-quantity-comparator.html; `ad` came with R5."""


def structure_issues(resource: Json, version: FhirVersion) -> list[Issue]:
    """What is wrong with the structure of a resource.

    Args:
        resource: as it was sent, in the shape of `version`; nothing about it is trusted.
        version: whose definitions apply. R4B's stand in for R4's, which are the same where R4B
            did not change the resource: https://hl7.org/fhir/r4b-explanation.html.

    Returns:
        An error for each fault with the FHIRPath of its element, `MOST` of them at most; nothing
        where the structure is right.
    """
    root = str(resource.get("resourceType"))
    found = list(islice(_Structure(version).resource(resource, root), MOST + 1))
    if len(found) <= MOST:
        found += _by_model(resource, root, version, {issue.expression[0] for issue in found})
    if len(found) > MOST:
        text = f"More is wrong with the structure; these are the first {MOST} faults"
        return [*found[:MOST], Issue("error", "structure", text, (root,))]
    return found


class _Structure:
    def __init__(self, version: FhirVersion) -> None:
        self.version = version
        self.beside = primitive_definition(version)

    def resource(self, value: Any, path: str) -> Iterator[Issue]:
        """Faults of a resource, wherever it stands."""
        name = value.get("resourceType") if isinstance(value, dict) else None
        definition = resource_definition(name, self.version) if isinstance(name, str) else None
        if definition is None:
            of = f"'{name[:60]}' is none" if isinstance(name, str) else "it has no resourceType"
            yield _fault(path, f"`{path}` has to be a FHIR {self.version.value} resource; {of}")
            return
        yield from self.object(value, definition, path, known=("resourceType",))

    def object(
        self, value: Any, definition: Definition, path: str, known: tuple[str, ...] = ()
    ) -> Iterator[Issue]:
        """Faults of an object and of all that it holds."""
        if not isinstance(value, dict):
            yield _fault(path, f"`{path}` has to be an object, not {form_of(value)}")
            return
        if not value:
            yield _fault(path, f"`{path}` is empty; leave it out")
        yield from self._unknown(value, definition, path, known)
        for element in definition.elements.values():
            if element.name in value:
                yield from self._element(value[element.name], element, definition, path)
            elif element.required and f"_{element.name}" not in value:
                at = f"{path}.{element.name}"
                yield Issue("error", "required", f"`{at}` is required and is missing", (at,))
            if f"_{element.name}" in value:
                yield from self._beside(value[f"_{element.name}"], element, path)
        yield from _choices(value, definition, path)

    def _element(
        self, value: Any, element: Element, definition: Definition, path: str
    ) -> Iterator[Issue]:
        at = f"{path}.{element.choice or element.name}"
        if value is None:
            yield _fault(at, f"`{at}` is null; leave it out or give it a value")
        elif not element.many:
            yield from self._one(value, element, definition, at)
        elif not isinstance(value, list):
            yield _fault(at, f"`{at}` repeats, so it has to be a list, not {form_of(value)}")
        elif not value:
            yield _fault(at, f"`{at}` is an empty list; leave it out")
        else:
            for index, item in enumerate(value):
                if item is None and element.primitive:
                    continue  # what stands beside it has its extensions
                yield from self._one(item, element, definition, f"{at}[{index}]")

    def _one(
        self, value: Any, element: Element, definition: Definition, at: str
    ) -> Iterator[Issue]:
        if element.shape == "resource":
            yield from self.resource(value, at)
        elif element.shape == "object":
            yield from self.object(value, type_definition(element.type), at)
        elif not isinstance(value, _TYPES[element.shape]) or (
            isinstance(value, bool) is not (element.shape == "boolean")
        ):
            wanted = _KINDS[element.shape]
            yield _fault(at, f"`{at}` has to be {wanted}, not {form_of(value)}")
        elif value == "":
            yield _fault(at, f"`{at}` is empty; leave it out")
        elif element.primitive in _FORMS and not _FORMS[element.primitive].fullmatch(str(value)):
            yield _fault(at, f"`{at}` is {form_of(value)}, which is no FHIR {element.primitive}")
        else:
            codes = element.codes or self._comparators(element, definition)
            if codes and value not in codes:
                text = f"`{at}` is {form_of(value)}; it has to be one of {', '.join(codes)}"
                yield Issue("error", "code-invalid", text, (at,))

    def _comparators(self, element: Element, definition: Definition) -> tuple[str, ...]:
        if element.name != "comparator" or "value" not in definition.elements:
            return ()
        return _COMPARATORS if self.version is not FhirVersion.R5 else (*_COMPARATORS, "ad")

    def _beside(self, value: Any, element: Element, path: str) -> Iterator[Issue]:
        """Faults of the extensions and the id of a primitive, `_status`."""
        at = f"{path}.{element.choice or element.name}"
        if not element.primitive:
            yield _fault(at, f"`{at}` is no primitive, so that `_{element.name}` can't stand there")
        elif not element.many:
            yield from self.object(value, self.beside, at)
        elif not isinstance(value, list):
            yield _fault(at, f"`{at}` repeats, so `_{element.name}` has to be a list")
        else:
            for index, item in enumerate(value):
                if item is not None:
                    yield from self.object(item, self.beside, f"{at}[{index}]")

    def _unknown(
        self, value: Json, definition: Definition, path: str, known: tuple[str, ...]
    ) -> Iterator[Issue]:
        for name in value:
            if name in known or name.removeprefix("_") in definition.elements:
                continue
            near = difflib.get_close_matches(name[:60], definition.elements, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            at = f"{path}.{name}" if _NAME.fullmatch(name) else path
            version = self.version.value
            yield _fault(at, f"FHIR {version} has no element '{name[:60]}' in `{path}`{hint}")


def _choices(value: Json, definition: Definition, path: str) -> Iterator[Issue]:
    groups: dict[str, list[str]] = {}
    required: set[str] = set()
    for element in definition.elements.values():
        if element.choice:
            present = groups.setdefault(element.choice, [])
            if element.name in value or f"_{element.name}" in value:
                present.append(element.name)
            if element.choice_required:
                required.add(element.choice)
    for choice, present in groups.items():
        at = f"{path}.{choice}"
        if len(present) > 1:
            yield _fault(at, f"`{path}` has {' and '.join(present)}; only one of them may stand")
        elif not present and choice in required:
            yield Issue("error", "required", f"`{at}[x]` is required and is missing", (at,))


def _by_model(resource: Json, root: str, version: FhirVersion, known: set[str]) -> Iterator[Issue]:
    """What the model of the resource finds where nothing was found yet."""
    package: Any = import_module(PACKAGES[version])
    try:
        package.get_fhir_model_class(root).model_validate(resource)
    except ValueError as error:
        # Of pydantic's kind, which is no dependency of its own: the models bring it along.
        faults: Any = error
        for fault in faults.errors():
            at, value = _place(fault["loc"], resource, version)
            text = told(at, value, fault["msg"])
            if not any(_related(at, other) for other in known):
                known.add(at)
                yield _fault(at, text)
    except Exception:  # of the models' own code, which not every bad value gets through
        if not known:
            yield _fault(root, f"`{root}` can't be read as FHIR {version.value} defines it")


def _place(loc: Sequence[Any], resource: Json, version: FhirVersion) -> tuple[str, Any]:
    """The FHIRPath of a place that pydantic names, and what stands there."""
    path = str(resource["resourceType"])
    value: Any = resource
    definition = resource_definition(path, version)
    for step in loc:
        if isinstance(step, int):
            path += f"[{step}]"
            value = value[step] if isinstance(value, list) and step < len(value) else None
        elif step != "root":
            name = step.removeprefix("_")
            element = definition.elements.get(name) if definition else None
            path += f".{(element and element.choice) or name}"
            value = value.get(step) if isinstance(value, dict) else None
            of_object = element is not None and element.shape == "object"
            definition = type_definition(element.type) if element and of_object else None
    return path, value


def _related(one: str, other: str) -> bool:
    return (
        one == other
        or one.startswith((f"{other}.", f"{other}["))
        or other.startswith((f"{one}.", f"{one}["))
    )


def _fault(path: str, text: str) -> Issue:
    return Issue("error", "structure", text, (path,))
