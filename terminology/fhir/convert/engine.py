"""The rules by which a type changes between R5 and R4, and the one function that applies them.

What one version has and the other has not travels as the extension that FHIR derives from its
path, https://hl7.org/fhir/R5/versions.html#extensions: `ValueSet.scope` of R5 is in R4 the
extension http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.scope, whose parts are
extensions named `inclusionCriteria` and `exclusionCriteria`. The families beside this module hold
the tables; R4B has the same terminology resources as R4 and shares them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import zip_longest
from typing import Any, TypeAlias

from terminology.fhir.convert.codes import hide_codes, show_codes
from terminology.fhir.convert.steps import as_list, change, unless_empty
from terminology.fhir.json import Json

R5_EXTENSION = "http://hl7.org/fhir/5.0/StructureDefinition/extension-"
R4_EXTENSION = "http://hl7.org/fhir/4.0/StructureDefinition/extension-"

_PLAIN = frozenset((str, bool, int, Decimal, dict))

Kind: TypeAlias = "str | tuple[str, ...] | Shape | Mapping[str, Kind]"
"""What an element holds: a type (`String`), the types of a choice, a type that changes itself, or
the elements inside it. A name that ends with `*` repeats."""
Edit: TypeAlias = Callable[[Json], Json]
"""What no table can say: gives its argument or, where something changes, a new object."""


@dataclass(eq=False)
class Shape:
    """How one FHIR type, or one element with elements inside, changes between R5 and R4.

    Attributes:
        path: as extension URLs have it, `ValueSet.expansion.contains`.
        r5: the elements that only R5 has.
        r4: the elements that only R4 has.
        renamed: R5 names to R4 names.
        codes: the codes that R4 knows, of elements in which R5 has more.
        inside: the shapes of elements that both have.
        down: applied before the rest on the way to R4.
        up: applied after the rest on the way to R5.
        aliases: other paths under which extensions for `r5` are read.
    """

    path: str
    r5: Mapping[str, Kind] = field(default_factory=dict)
    r4: Mapping[str, Kind] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Iterable[str]] = field(default_factory=dict)
    inside: dict[str, Shape] = field(default_factory=dict)
    down: Edit | None = None
    up: Edit | None = None
    aliases: Iterable[str] = ()

    def __post_init__(self) -> None:
        """Turn the tables around, so that each direction looks up what it meets."""
        self.known_codes = {name: frozenset(known) for name, known in self.codes.items()}
        to_r4 = _pairs(self.renamed)
        r5, r4 = _fields(self.r5), _fields(self.r4)
        self.way_down = _Way(R5_EXTENSION + self.path, r5, to_r4)
        self.way_up = _Way(R4_EXTENSION + self.path, r4, {new: old for old, new in to_r4.items()})
        self.way_down.restores(R4_EXTENSION + self.path, r4)
        for known_as in (self.path, *self.aliases):
            self.way_up.restores(R5_EXTENSION + known_as, r5)

    @cached_property
    def touched_down(self) -> frozenset[str] | None:
        """The keys that something may happen to on the way to R4; None where any object changes."""
        return None if self.down is not None else self._touched(self.way_down)

    @cached_property
    def touched_up(self) -> frozenset[str] | None:
        """The same on the way to R5."""
        return None if self.up is not None else self._touched(self.way_up)

    def _touched(self, way: _Way) -> frozenset[str]:
        beside = (f"_{name}" for name in self.known_codes)
        return way.watched | {*self.inside, *self.known_codes, *beside, "extension"}


class _Field:
    """One element that only one version has."""

    def __init__(self, name: str, kind: Kind) -> None:
        self.name = name.removesuffix("*")
        self.many = name.endswith("*")
        self.kind = kind
        self.parts = _fields(kind) if isinstance(kind, Mapping) else []
        self.slots = list(_slots(self.name, kind))
        self.value_keys = {name: key for name, _, key in self.slots}
        self.keys = frozenset(key for slot in self.slots for key in slot[:2])


def _slots(name: str, kind: Kind) -> Iterator[tuple[str, str, str]]:
    """Give the keys of an element and of what stands beside it, there and in an extension."""
    for choice in kind if isinstance(kind, tuple) else ("",):
        key = f"value{choice or (kind if isinstance(kind, str) else '')}"
        yield name + choice, f"_{name}{choice}", key


class _Way:
    """What one direction does with the keys and the extensions of an object."""

    def __init__(self, url: str, fields: list[_Field], renamed: dict[str, str]) -> None:
        self.urls = {field: f"{url}.{field.name}" for field in fields}
        self.leaving = {key: field for field in fields for key in field.keys}
        self.renamed = renamed
        self.watched = frozenset(self.leaving) | frozenset(renamed)
        self.arriving: dict[str, _Field] = {}

    def restores(self, url: str, fields: list[_Field]) -> None:
        self.arriving |= {f"{url}.{field.name}": field for field in fields}


def convert(shape: Shape, value: Any, *, down: bool) -> Any:
    """Apply a shape to an object or to each of a list.

    Args:
        shape: the rules.
        value: any JSON; what is no object stays as it is.
        down: from R5 to R4; else from R4 to R5.

    Returns:
        `value` itself where nothing changes; the argument is never written to.
    """
    if isinstance(value, list):
        items = [convert(shape, item, down=down) for item in value]
        return value if all(map(_is, items, value)) else items
    if not isinstance(value, dict):
        return value
    # Most of the objects of a long expansion have nothing that differs.
    touched = shape.touched_down if down else shape.touched_up
    if touched is not None and touched.isdisjoint(value):
        return value
    return _down(shape, value) if down else _up(shape, value)


def _down(shape: Shape, value: Json) -> Json:
    value = shape.down(value) if shape.down is not None else value
    value = _apply(shape, shape.way_down, value, down=True)
    for name, known in shape.known_codes.items():
        value = hide_codes(value, name, known, f"{R5_EXTENSION}{shape.path}.{name}")
    return value


def _up(shape: Shape, value: Json) -> Json:
    value = _apply(shape, shape.way_up, value, down=False)
    for name in shape.known_codes:
        value = show_codes(value, name, f"{R5_EXTENSION}{shape.path}.{name}")
    return shape.up(value) if shape.up is not None else value


def _is(one: Any, other: Any) -> bool:
    return one is other


def _pairs(renamed: Mapping[str, str]) -> dict[str, str]:
    return dict(renamed) | {"_" + old: "_" + new for old, new in renamed.items()}


def _fields(table: Mapping[str, Kind]) -> list[_Field]:
    return [_Field(name, kind) for name, kind in table.items()]


def _apply(shape: Shape, way: _Way, value: Json, *, down: bool) -> Json:
    copy: Json | None = None
    for name, inner in shape.inside.items():
        if (old := value.get(name)) is not None:
            new = convert(inner, old, down=down)
            if new is not old:
                copy = value.copy() if copy is None else copy
                copy[name] = new
    result = value if copy is None else copy
    if way.arriving and "extension" in value:
        result = _arrive(way, result, down=down)
    return result if way.watched.isdisjoint(value) else _leave(way, result, down=down)


def _leave(way: _Way, value: Json, *, down: bool) -> Json:
    fields = dict.fromkeys(way.leaving[key] for key in value if key in way.leaving)
    extensions = [
        extension
        for field in fields
        for extension in _write(field, value, way.urls[field], down=down)
    ]
    kept = {way.renamed.get(k, k): item for k, item in value.items() if k not in way.leaving}
    if extensions:
        kept["extension"] = [*as_list(kept.get("extension")), *extensions]
    return kept


def _write(field: _Field, value: Json, url: str, *, down: bool) -> list[Json]:
    """Write what stands in `value` for a field as extensions."""
    found = field.keys.intersection(value)
    if not found:
        return []
    if field.parts:
        return [
            _write_parts(field, item, url, down=down)
            for item in as_list(value.get(field.name))
            if isinstance(item, dict)
        ]
    if isinstance(field.kind, Shape):
        items = convert(field.kind, as_list(value.get(field.name)), down=down)
        return [{"url": url, "value" + field.kind.path: item} for item in items]
    if len(found) == 1:
        (name,) = found
        # One value alone is what nearly all of a long expansion holds.
        if name[0] != "_" and type(value[name]) in _PLAIN:
            return [{"url": url, field.value_keys[name]: value[name]}]
    return [
        {"url": url} | _scalar(key, scalar, beside)
        for name, beside_name, key in field.slots
        for scalar, beside in zip_longest(as_list(value.get(name)), as_list(value.get(beside_name)))
        if scalar is not None or beside is not None
    ]


def _write_parts(field: _Field, item: Json, url: str, *, down: bool) -> Json:
    parts = [e for part in field.parts for e in _write(part, item, part.name, down=down)]
    own = {"id": item["id"]} if "id" in item else {}
    return {**own, "url": url, "extension": [*parts, *as_list(item.get("extension"))]}


def _scalar(key: str, scalar: Any, beside: Any) -> Json:
    both = {key: scalar, "_" + key: beside}
    return {name: item for name, item in both.items() if item is not None}


def _arrive(way: _Way, value: Json, *, down: bool) -> Json:
    kept, found = _sort(value["extension"], way.arriving)
    if not found:
        return value
    result = change(value, "extension", extension=kept or None)
    for element, extensions in found.items():
        result |= _read(element, extensions, down=down)
    return result


def _sort(
    extensions: Any, fields: Mapping[str, _Field]
) -> tuple[list[Any], dict[_Field, list[Json]]]:
    """Tell the extensions that stand for a field, with a value that fits it, from the others."""
    kept: list[Any] = []
    found: dict[_Field, list[Json]] = {}
    for extension in as_list(extensions):
        field = fields.get(str(extension.get("url"))) if isinstance(extension, dict) else None
        if field is not None and (field.parts or _value_key(field, extension)):
            found.setdefault(field, []).append(extension)
        else:
            kept.append(extension)
    return kept, found


def _read(field: _Field, extensions: list[Json], *, down: bool) -> Json:
    """Read the extensions that stand for one field as the keys that it has in an object."""
    if field.parts:
        items = [_read_parts(field, extension, down=down) for extension in extensions]
        return {field.name: items if field.many else items[-1]}
    last = extensions[-1]
    key = _value_key(field, last)
    if isinstance(field.kind, Shape):
        items = [convert(field.kind, e[_value_key(field, e)], down=down) for e in extensions]
        return {field.name: items if field.many else items[-1]}
    if not field.many:
        name = field.name + (key.removeprefix("value") if isinstance(field.kind, tuple) else "")
        return _scalar(name, last.get(key), last.get("_" + key))
    keys = [_value_key(field, extension) for extension in extensions]
    scalars = [e.get(key) for e, key in zip(extensions, keys, strict=True)]
    besides = [e.get("_" + key) for e, key in zip(extensions, keys, strict=True)]
    return _scalar(field.name, unless_empty(scalars), unless_empty(besides))


def _read_parts(field: _Field, extension: Json, *, down: bool) -> Json:
    kept, found = _sort(extension.get("extension"), {part.name: part for part in field.parts})
    item = {"id": extension["id"]} if "id" in extension else {}
    for part, extensions in found.items():
        item |= _read(part, extensions, down=down)
    return item | ({"extension": kept} if kept else {})


def _value_key(field: _Field, extension: Json) -> str:
    """Find the key of an extension's value; empty where it has none that the field can hold."""
    for key in extension:
        name = key.removeprefix("_")
        if name.startswith("value"):
            fits = not isinstance(field.kind, tuple) or name.removeprefix("value") in field.kind
            is_object = isinstance(extension.get(name), dict)
            return name if fits and (is_object or not isinstance(field.kind, Shape)) else ""
    return ""
