"""Small code systems and value sets of our own, as resources, and ways to ask them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import msgspec

from terminology import content
from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.provider import Provider
from terminology.codesystems.resource import ResourceProvider
from terminology.codesystems.stored import StoredProvider
from terminology.conceptmaps import ConceptMaps
from terminology.model import CodeSystem, Json, ValueSet
from terminology.operations.context import Context
from terminology.operations.registry import OPERATIONS
from terminology.rules.book import RuleBook
from terminology.store.base import Store, StoredHead
from terminology.store.build import build
from terminology.store.contents import TableLoad
from terminology.store.sqlite import SqliteStore
from terminology.valuesets.catalog import ValueSets
from terminology.valuesets.scope import Scope

BASE = "https://test.example"
ANIMALS = f"{BASE}/CodeSystem/animals"
COLOURS = f"{BASE}/CodeSystem/colours"


def concept(code: str, display: str | None = None, *children: Json, **more: Any) -> Json:
    """A concept of a CodeSystem resource; properties are given as `property=[...]`."""
    made: Json = {"code": code} | more
    if display is not None:
        made["display"] = display
    if children:
        made["concept"] = list(children)
    return made


def prop(code: str, **value: Any) -> Json:
    """A property of a concept: `prop("size", valueInteger=3)`."""
    return {"code": code, **value}


def code_system(name: str, concepts: Iterable[Json], **more: Any) -> Json:
    """A complete CodeSystem resource at `BASE/CodeSystem/name`."""
    made: Json = {
        "resourceType": "CodeSystem",
        "id": name,
        "url": f"{BASE}/CodeSystem/{name}",
        "version": "1.0.0",
        "name": name.title(),
        "status": "active",
        "caseSensitive": True,
        "content": "complete",
        "concept": list(concepts),
    }
    return made | more


def value_set(name: str, *include: Json, exclude: Iterable[Json] = (), **more: Any) -> Json:
    """A ValueSet resource at `BASE/ValueSet/name` with these includes."""
    compose: Json = {"include": list(include)}
    if exclude:
        compose["exclude"] = list(exclude)
    if "inactive" in more:
        compose["inactive"] = more.pop("inactive")
    made: Json = {
        "resourceType": "ValueSet",
        "id": name,
        "url": f"{BASE}/ValueSet/{name}",
        "version": "1.0.0",
        "name": name.title(),
        "status": "active",
        "compose": compose,
    }
    return made | more


def include(system: str | None = None, *codes: str, **more: Any) -> Json:
    """An include or exclude of a system, of some codes of it, of value sets by `valueSet=[...]`."""
    made: Json = {} if system is None else {"system": system}
    if codes:
        made["concept"] = [{"code": code} for code in codes]
    return made | more


def condition(property_code: str, op: str, value: str) -> Json:
    """A filter of an include."""
    return {"property": property_code, "op": op, "value": value}


def store_of(folder: Path, *resources: Json, tables: Iterable[TableLoad] = ()) -> SqliteStore:
    """A store that holds just these resources and tables."""
    path = folder / "store.db"
    build(path, "test", resources, tables)
    return SqliteStore(path)


def context_of(store: Store, **more: Any) -> Context:
    """What an operation works with, over a store."""
    return Context(
        code_systems=CodeSystems(store, rules=RuleBook.of(content.rules())),
        value_sets=ValueSets(store),
        concept_maps=ConceptMaps(store),
        **more,
    )


def in_memory(resource: Json) -> Provider:
    """The provider of a code system that came whole in a request."""
    return ResourceProvider(msgspec.convert(resource, CodeSystem))


def stored(folder: Path, resource: Json) -> Provider:
    """The provider of a code system whose concepts are rows of a store."""
    store = store_of(folder, resource)
    return StoredProvider(store, store.heads("CodeSystem")[0])


def as_value_set(resource: Json) -> ValueSet:
    """A ValueSet resource as the model has it."""
    return msgspec.convert(resource, ValueSet)


def perform(context: Context, operation: str, **sent: Any) -> Json:
    """What an operation answers, `perform(context, "CodeSystem/lookup", code="1")`.

    A list is a parameter that is sent several times; `_` stands for `-` in a name.
    """
    resource_type, _, name = operation.partition("/")
    found = next(o for o in OPERATIONS if (o.resource_type, o.name) == (resource_type, name))
    values = {
        key.replace("_", "-"): value if isinstance(value, list) else [value]
        for key, value in sent.items()
    }
    return found.perform(found.schema.read(values), context)


def rules_of(found: Json) -> dict[str, str]:
    """The severity of each coding rule that an answer of `$validate-code` names."""
    issues = [p["resource"]["issue"] for p in found["parameter"] if p["name"] == "issues"]
    return {
        coding["code"]: issue["severity"]
        for issue in (issues[0] if issues else [])
        for coding in issue["details"].get("coding", [])
        if coding["system"].endswith("coding-rules")
    }


def value_of(parameters: Json, name: str) -> Any:
    """The value of the first parameter, or part, of that name, None where there is none."""
    entries = parameters.get("parameter") or parameters.get("part") or []
    for entry in entries:
        if entry["name"] == name:
            return next(v for key, v in entry.items() if key.startswith(("value", "resource")))
    return None


def properties_of(parameters: Json, code: str) -> list[Json]:
    """The `property` parameters of a `$lookup` answer with this code."""
    return [
        entry
        for entry in parameters["parameter"]
        if entry["name"] == "property" and value_of(entry, "code") == code
    ]


def issues_of(parameters: Json) -> list[tuple[str, str, str]]:
    """The issues of a `$validate-code` answer as (severity, tx-issue-type, text)."""
    outcome = value_of(parameters, "issues") or {"issue": []}
    return [
        (i["severity"], i["details"].get("coding", [{"code": ""}])[0]["code"], i["details"]["text"])
        for i in outcome["issue"]
    ]


def codes_of(expanded: Json) -> list[str]:
    """The codes of an expansion in their order, nested ones after what they are nested in."""
    found: list[str] = []
    pending = list(reversed(expanded["expansion"].get("contains", ())))
    while pending:
        entry = pending.pop()
        found.append(entry["code"])
        pending.extend(reversed(entry.get("contains", ())))
    return found


class _Heads:
    """As much of a store as a catalogue of value sets reads."""

    def __init__(self, resources: Iterable[Json]) -> None:
        self._resources = list(resources)

    def heads(self, resource_type: str) -> list[StoredHead]:
        return [
            StoredHead(key, r["url"], r.get("version"), msgspec.json.encode(r))
            for key, r in enumerate(self._resources)
            if r["resourceType"] == resource_type
        ]


def scope_over(code_systems: CodeSystems, *resources: Json) -> Scope:
    """What just these value sets are worked out with, over code systems that are loaded."""
    return Scope(code_systems, ValueSets(cast(Store, _Heads(resources))))
