"""An OperationDefinition for each operation of the registry.

https://hl7.org/fhir/R5/operationdefinition.html. They are this project's own, with FHIR's as their
base: FHIR's would claim the parameters too that are refused here.
"""

from conformance.identity import CANONICAL, PUBLISHER, RELEASED, software_version
from conformance.outputs import PROPERTY_TYPES, Output, outputs_of
from terminology.fhir.versions import FhirVersion
from terminology.model import Json
from terminology.operations.fields import FhirField
from terminology.operations.registry import OPERATIONS, Operation


def operation_id(operation: Operation) -> str:
    """The id of the operation's definition, `CodeSystem-lookup`."""
    return f"{operation.resource_type}-{operation.name}"


def canonical_of(operation: Operation) -> str:
    """The canonical URL of the operation's definition."""
    return f"{CANONICAL}/OperationDefinition/{operation_id(operation)}"


def operation_definitions(version: FhirVersion = FhirVersion.R5) -> list[Json]:
    """The definition of every operation at the base of a version, R5-shaped."""
    return [operation_definition(operation, version) for operation in OPERATIONS]


def operation_definition(operation: Operation, version: FhirVersion) -> Json:
    """What the operation is at the base of a version.

    Args:
        operation: of the registry.
        version: it decides whether there is an instance level. Every parameter is read at every
            base; those that the version's specification lacks are marked.

    Returns:
        An OperationDefinition, R5-shaped.
    """
    described = operation.schema.described()
    definition: Json = {
        "resourceType": "OperationDefinition",
        "id": operation_id(operation),
        "url": canonical_of(operation),
        "version": software_version(),
        "name": _pascal(operation_id(operation)),
        "title": operation.title,
        "status": "active",
        "kind": "operation",
        "experimental": False,
        "date": RELEASED,
        "publisher": PUBLISHER,
        "description": operation.description,
        "affectsState": False,
        "code": operation.name,
        "base": operation.definition,
        "resource": [operation.resource_type],
        "system": False,
        "type": True,
        "instance": version.base in operation.instance_versions,
        "parameter": [
            *(_input(name, field) for name, field in described.items()),
            *(_output(output) for output in outputs_of(operation)),
        ],
    }
    comment = _refused(operation)
    return definition | {"comment": comment} if comment else definition


def read_where(field: FhirField) -> str:
    """A sentence on a parameter that not every FHIR version specifies, empty for the others."""
    if not field.versions:
        return ""
    names = " and ".join(base.upper() for base in field.versions)
    return f"FHIR specifies it in {names}; it is read in every version."


def _refused(operation: Operation) -> str:
    lines = [f"- `{name}`: {instead}" for name, instead in operation.schema.refused.items()]
    if not lines:
        return ""
    return "\n".join(["FHIR has these parameters too; they are refused, with this advice:", *lines])


def _input(name: str, field: FhirField) -> Json:
    parameter: Json = {"name": name, "use": "in"}
    if field.type_level_only:
        parameter["scope"] = ["type"]
    return parameter | {
        "min": 0,
        "max": "*" if field.repeats else "1",
        "documentation": f"{field.documentation} {read_where(field)}".rstrip(),
        "type": field.fhir_type,
    }


def _output(output: Output) -> Json:
    parameter: Json = {
        "name": output.name,
        "use": "out",
        "min": int(output.required),
        "max": "*" if output.repeats else "1",
        "documentation": output.documentation,
    }
    if output.type:
        parameter["type"] = output.type
    if output.type == "Element":
        parameter["allowedType"] = list(PROPERTY_TYPES)
    if output.parts:
        parameter["part"] = [_output(part) for part in output.parts]
    return parameter


def _pascal(text: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in text.split("-"))
