"""Ways to ask the operations, and to read what they answer."""

from collections.abc import Iterator
from typing import Any

from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import perform, value_of

ORG = "http://example.org"
_MESSAGE_ID = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"


def system(name: str) -> str:
    return f"{ORG}/CodeSystem/{name}"


def value_set_url(name: str) -> str:
    return f"{ORG}/ValueSet/{name}"


def ours(resource: Json, **more: Any) -> Json:
    """A resource of the builders, at our address."""
    kind, name = resource["resourceType"], resource["id"]
    return resource | {"url": f"{ORG}/{kind}/{name}"} | more


def validate(context: Context, name: str, **sent: Any) -> Json:
    """`$validate-code` in a value set."""
    return perform(context, "ValueSet/validate-code", url=value_set_url(name), **sent)


def expand(context: Context, name: str, **sent: Any) -> Json:
    """The expansion of a value set."""
    return perform(context, "ValueSet/expand", url=value_set_url(name), **sent)


def messages_of(found: Json) -> list[str]:
    """The message ids of the issues, in the order of the alphabet."""
    outcome = value_of(found, "issues") or {"issue": []}
    return sorted(
        e["valueString"]
        for issue in outcome["issue"]
        for e in issue.get("extension", ())
        if e["url"] == _MESSAGE_ID
    )


def issue_of(found: Json, message: str) -> Json:
    """The one issue of a message id."""
    (issue,) = (
        issue
        for issue in value_of(found, "issues")["issue"]
        if any(e.get("valueString") == message for e in issue.get("extension", ()))
    )
    made: Json = issue
    return made


def values_of(found: Json, name: str) -> list[Any]:
    """Each value of the parameters of a name, of a Parameters or of an expansion."""
    entries = found["expansion"]["parameter"] if "expansion" in found else found["parameter"]
    return [
        value
        for entry in entries
        if entry["name"] == name
        for key, value in entry.items()
        if key != "name"
    ]


def entries_of(found: Json) -> Iterator[Json]:
    """The entries of an expansion, each before those nested in it."""
    pending = list(reversed(found["expansion"].get("contains", ())))
    while pending:
        entry = pending.pop()
        yield entry
        pending.extend(reversed(entry.get("contains", ())))


def entry_of(found: Json, code: str) -> Json:
    """The one entry of a code."""
    (entry,) = (entry for entry in entries_of(found) if entry["code"] == code)
    return entry


def shape_of(entries: list[Json]) -> dict[str, Any]:
    """The codes of an expansion as they are nested."""
    return {entry["code"]: shape_of(entry.get("contains", [])) for entry in entries}


def forms(coding: Json) -> Iterator[tuple[str, Json]]:
    """The three ways to send a coding, each with its name."""
    plain = {n: v for n, v in coding.items() if n != "version"}
    version = {"systemVersion": coding["version"]} if "version" in coding else {}
    yield "code", plain | version
    yield "coding", {"coding": coding}
    yield "codeableConcept", {"codeableConcept": {"coding": [coding]}}
