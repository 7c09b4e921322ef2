"""Every operation there is: the one list that routes, claims and documents are made from."""

from collections.abc import Callable
from typing import Any

import msgspec

from terminology.model import Json
from terminology.operations import (
    batch_validate,
    codesystem_validate_code,
    eligibility_submit,
    expand,
    lookup,
    subsumes,
    translate,
    valueset_validate_code,
)
from terminology.operations.context import Context
from terminology.operations.resource_validation.operation import ValidateParameters, validator
from terminology.operations.schema import ParametersSchema


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation on one resource type.

    Attributes:
        name: without the dollar sign.
        resource_type: the type it is defined on.
        title: for people.
        description: what it answers, in a sentence or two.
        definition: the canonical of FHIR's own OperationDefinition.
        schema: the description of its parameters.
        perform: a request of the schema in, a resource out.
        instance_versions: the FHIR versions, `r4`, `r4b`, `r5`, in which it is specified at
            instance level.
        output: the resource type that it answers.
        body: the parameter that a POSTed resource is, where it is sent without Parameters around
            it: https://hl7.org/fhir/R5/operations.html#request. Such an operation can't be asked
            by GET.
    """

    name: str
    resource_type: str
    title: str
    description: str
    definition: str
    schema: ParametersSchema[Any]
    perform: Callable[[Any, Context], Json]
    instance_versions: tuple[str, ...] = ("r4", "r4b", "r5")
    output: str = "Parameters"
    body: str | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        """The HTTP methods that it answers to."""
        return ("GET", "POST") if self.body is None else ("POST",)


_VALIDATE = "http://hl7.org/fhir/OperationDefinition/Resource-validate"

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="lookup",
        resource_type="CodeSystem",
        title="Look up a code",
        description="What is known of a code: its display, designations, properties, the notes"
        " of supplements and what published tables say of it.",
        definition="http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup",
        schema=lookup.LookupParameters(),
        perform=lambda request, context: lookup.lookup(request, context).parameters(),
        instance_versions=("r5",),
    ),
    Operation(
        name="validate-code",
        resource_type="CodeSystem",
        title="Validate a code against its code system",
        description="Whether a code is in a code system, with all that is wrong with it.",
        definition="http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code",
        schema=codesystem_validate_code.CodeSystemValidateCodeParameters(),
        perform=lambda request, context: codesystem_validate_code.validate_code(
            request, context
        ).parameters(),
    ),
    Operation(
        name="validate-code",
        resource_type="ValueSet",
        title="Validate a code against a value set",
        description="Whether a code is in a value set, with all that is wrong with it.",
        definition="http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code",
        schema=valueset_validate_code.ValueSetValidateCodeParameters(),
        perform=lambda request, context: valueset_validate_code.validate_code(
            request, context
        ).parameters(),
    ),
    Operation(
        name="expand",
        resource_type="ValueSet",
        title="Expand a value set",
        description="The codes that a value set holds, in pages where asked for.",
        definition="http://hl7.org/fhir/OperationDefinition/ValueSet-expand",
        schema=expand.ExpandParameters(),
        perform=expand.expand,
        output="ValueSet",
    ),
    Operation(
        name="subsumes",
        resource_type="CodeSystem",
        title="Compare two codes",
        description="Whether one code is above the other in the hierarchy of their code system.",
        definition="http://hl7.org/fhir/OperationDefinition/CodeSystem-subsumes",
        schema=subsumes.SubsumesParameters(),
        perform=subsumes.subsumes,
    ),
    Operation(
        name="translate",
        resource_type="ConceptMap",
        title="Translate a code",
        description="What a code of one code system is in another, by the concept maps.",
        definition="http://hl7.org/fhir/OperationDefinition/ConceptMap-translate",
        schema=translate.TranslateParameters(),
        perform=translate.translate,
    ),
    Operation(
        name="batch-validate-code",
        resource_type="ValueSet",
        title="Validate several codes",
        description="Several `$validate-code` in one request, each with its own answer.",
        definition="http://hl7.org/fhir/uv/tx-ecosystem/OperationDefinition/ValueSet-batch-validate-code",
        schema=batch_validate.BatchValidateParameters(),
        perform=batch_validate.batch_validate,
        instance_versions=(),
    ),
    Operation(
        name="submit",
        resource_type="CoverageEligibilityRequest",
        title="Ask what payers say of codes",
        description="What the loaded plans of a request's payers say of the codes of its items,"
        " with the source. What no plan says is left out.",
        definition="http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit",
        schema=eligibility_submit.SubmitParameters(),
        perform=eligibility_submit.submit,
        instance_versions=(),
        output="CoverageEligibilityResponse",
        body="resource",
    ),
    Operation(
        name="validate",
        resource_type="Procedure",
        title="Validate a procedure",
        description="Whether a Procedure is right: its structure, its code with modifiers, and the"
        " coding rules of its day, each finding with its source.",
        definition=_VALIDATE,
        schema=ValidateParameters(),
        perform=validator("Procedure"),
        instance_versions=(),
        output="OperationOutcome",
        body="resource",
    ),
    Operation(
        name="validate",
        resource_type="Claim",
        title="Validate a claim",
        description="Whether a Claim is right: its structure, its codes, modifiers and units, the"
        " pairs between its items, and the rules of its payer, each finding with its source.",
        definition=_VALIDATE,
        schema=ValidateParameters(),
        perform=validator("Claim"),
        instance_versions=(),
        output="OperationOutcome",
        body="resource",
    ),
)
