"""The definitions describe what is read and what is answered, both ways."""

from typing import Any

import msgspec
import pytest
from marshmallow import Schema

from conformance.operation_definitions import operation_definition, operation_definitions
from conformance.outputs import OUTPUTS, outputs_of
from terminology.errors import NotSupported
from terminology.fhir.versions import FhirVersion
from terminology.operations.fields import BooleanField
from terminology.operations.registry import OPERATIONS, Operation
from terminology.operations.schema import ParametersSchema

Json = dict[str, Any]
R5 = FhirVersion.R5
IDS = [f"{operation.resource_type}-{operation.name}" for operation in OPERATIONS]
each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)


def parameters(definition: Json, use: str) -> list[Json]:
    return [each for each in definition["parameter"] if each["use"] == use]


def test_an_operation_without_described_outputs_is_refused() -> None:
    new = msgspec.structs.replace(OPERATIONS[0], name="closure")
    with pytest.raises(KeyError, match="closure"):
        operation_definition(new, R5)


def test_no_outputs_are_described_of_what_is_not_in_the_registry() -> None:
    assert set(OUTPUTS) == {(operation.resource_type, operation.name) for operation in OPERATIONS}


def test_a_new_parameter_is_described() -> None:
    fields = {"loud": BooleanField("Whether to shout.", repeats=True, type_level_only=True)}
    schema = type("Loud", (ParametersSchema,), fields)
    assert issubclass(schema, Schema)
    new = msgspec.structs.replace(OPERATIONS[0], schema=schema())
    (found,) = parameters(operation_definition(new, R5), "in")
    assert found == {
        "name": "loud",
        "use": "in",
        "scope": ["type"],
        "min": 0,
        "max": "*",
        "documentation": "Whether to shout.",
        "type": "boolean",
    }


@each_operation
def test_what_is_described_is_what_is_read(operation: Operation) -> None:
    found = {each["name"]: each for each in parameters(operation_definition(operation, R5), "in")}
    described = operation.schema.described()
    assert list(found) == list(described)
    for name, field in described.items():
        assert found[name]["type"] == field.fhir_type
        assert found[name]["max"] == ("*" if field.repeats else "1")
        assert ("scope" in found[name]) is field.type_level_only
        assert found[name]["documentation"].startswith(field.documentation)


@each_operation
def test_every_parameter_is_described_in_every_version_in_which_it_is_read(
    operation: Operation,
) -> None:
    names = {
        version: [each["name"] for each in operation_definition(operation, version)["parameter"]]
        for version in FhirVersion
    }
    assert names[FhirVersion.R4] == names[FhirVersion.R4B] == names[R5]


@each_operation
def test_what_is_refused_is_told_and_not_described(operation: Operation) -> None:
    definition = operation_definition(operation, R5)
    for name, instead in operation.schema.refused.items():
        assert f"`{name}`: {instead}" in definition["comment"]
        assert name not in {each["name"] for each in parameters(definition, "in")}
        with pytest.raises(NotSupported):
            operation.schema.read({name: ["x"]})
    assert ("comment" in definition) is bool(operation.schema.refused)


@each_operation
def test_a_parameter_of_one_version_is_marked(operation: Operation) -> None:
    for each in parameters(operation_definition(operation, FhirVersion.R4), "in"):
        marked = "FHIR specifies it in R5; it is read in every version." in each["documentation"]
        assert marked is bool(operation.schema.described()[each["name"]].versions)


@pytest.mark.parametrize("version", FhirVersion)
def test_the_levels_are_those_that_are_served(version: FhirVersion) -> None:
    for operation, definition in zip(OPERATIONS, operation_definitions(version), strict=True):
        assert definition["instance"] is (version.base in operation.instance_versions)
        assert (definition["type"], definition["system"]) == (True, False)


@each_operation
def test_it_is_based_on_the_definition_of_fhir(operation: Operation) -> None:
    definition = operation_definition(operation, R5)
    assert definition["base"] == operation.definition
    home = "http://hl7.org/fhir/OperationDefinition/"
    if operation.name == "batch-validate-code":  # of HL7's terminology ecosystem, not of the core
        home = "http://hl7.org/fhir/uv/tx-ecosystem/OperationDefinition/"
    assert definition["base"].startswith(home)
    assert (
        definition["url"] == f"https://proterm.example/fhir/OperationDefinition/{definition['id']}"
    )


@each_operation
def test_a_resource_is_answered_under_the_name_return(operation: Operation) -> None:
    outputs = outputs_of(operation)
    if operation.output != "Parameters":
        assert [(each.name, each.type) for each in outputs] == [("return", operation.output)]
    else:
        assert "return" not in {each.name for each in outputs}
