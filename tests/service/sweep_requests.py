"""The requests of the sweep: what is sent for a parameter, as Parameters of a version of FHIR."""

import json
from typing import Any

from terminology.fhir import convert
from terminology.fhir.versions import FhirVersion
from terminology.operations.registry import Operation
from tests.service.asking import Json
from tests.service.sweep_table import NAMED, Case, Sent


def named(operation: Operation) -> str:
    """How an operation is called, `CodeSystem/$lookup`."""
    return f"{operation.resource_type}/${operation.name}"


def whole(operation: Operation, name: str, found: Case) -> Sent:
    """The whole request of a row; the other ways to name a code stand in no row together."""
    known = operation.schema.described()
    beside = {n: v for n, v in found.beside.items() if n in known}
    sent = NAMED[named(operation)] | beside | {name: found.values}
    return {n: values for n, values in sent.items() if values != [None]}


def as_parameters(operation: Operation, sent: Sent, version: FhirVersion = FhirVersion.R5) -> bytes:
    """A request as a Parameters resource."""
    entries = [
        {"name": name, **_typed(operation.schema.described()[name].fhir_type, value)}
        for name, values in sent.items()
        for value in values
    ]
    body = {"resourceType": "Parameters"} | ({"parameter": entries} if entries else {})
    return json.dumps(convert.to_version(body, version)).encode()


def _typed(fhir_type: str, value: Any) -> Json:
    if fhir_type in ("boolean", "integer"):
        value = json.loads(value)
    if fhir_type == "Resource":
        return {"resource": value}
    return {f"value{fhir_type[0].upper()}{fhir_type[1:]}": value}
