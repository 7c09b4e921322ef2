"""`ValueSet/$batch-validate-code`: several codes against value sets in one request.

Of HL7's terminology ecosystem: each part `validation` is a Parameters resource with the parameters
of `$validate-code`, which go before those of the request itself.
"""

from typing import Any

import msgspec

from terminology.errors import MissingInput, ProtermError
from terminology.fhir.outcome import Issue, from_error, operation_outcome
from terminology.fhir.parameters import read_parameters
from terminology.model import Json
from terminology.operations.context import Context
from terminology.operations.fields import ResourceField
from terminology.operations.schema import Sent, checked_resources
from terminology.operations.valueset_validate_code import (
    ValueSetValidateCodeParameters,
    validate_code,
)

_SINGLE = ValueSetValidateCodeParameters()
_CODED = frozenset({"code", "coding", "codeableConcept"})
_NO_CODE = (
    "Unable to find code to validate (looked for coding | codeableConcept | code+system |"
    " code+inferSystem in parameters"
)


class BatchValidateRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters that all validations share, as they were sent, and the validations."""

    shared: dict[str, list[Any]] = {}
    validation: list[Json] = []
    strict: bool = False


class BatchValidateParameters(ValueSetValidateCodeParameters):
    """The parameters of `$batch-validate-code`: those of `$validate-code`, and validations."""

    validation = ResourceField(
        "A Parameters resource with the parameters of one `$validate-code`.", repeats=True
    )

    def read(self, sent: Sent, *, strict: bool = False) -> Any:
        """The request: the validations are read one by one, so that each has its own errors.

        Raises:
            MissingInput: there is no validation.
            InvalidInput: a validation is no resource.
        """
        shared = {name: list(values) for name, values in sent.items() if name != "validation"}
        validation = checked_resources("validation", sent.get("validation", ()))
        if not validation:
            raise MissingInput("Send a validation, or several.", expression="validation")
        return BatchValidateRequest(shared=shared, strict=strict, validation=validation)


def batch_validate(request: BatchValidateRequest, context: Context) -> Json:
    """An answer for each validation, in their order, as a Parameters resource.

    A validation that can't be answered is answered with an OperationOutcome.

    Raises:
        InvalidInput: a resource that the request brings along can't be read.
    """
    shared = dict(request.shared)
    context = context.with_resources(shared.pop("tx-resource", []))
    answers = [
        {"name": "validation", "resource": _answer(one, shared, request.strict, context)}
        for one in request.validation
    ]
    return {"resourceType": "Parameters", "parameter": answers}


def _answer(validation: Json, shared: dict[str, list[Any]], strict: bool, context: Context) -> Json:
    try:
        own: dict[str, list[Any]] = {}
        for parameter in read_parameters(validation):
            own.setdefault(parameter.name, []).append(parameter.value)
        if not _CODED & own.keys() | _CODED & shared.keys():
            return operation_outcome((Issue("error", "invalid", _NO_CODE),))
        single = _SINGLE.read({**shared, **own}, strict=strict)
        return validate_code(single, context).parameters()
    except ProtermError as error:
        return from_error(error)
