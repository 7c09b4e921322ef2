"""`ValueSet/$batch-validate-code`: several codes against value sets in one request.

Of HL7's terminology ecosystem: each part `validation` is a Parameters resource with the parameters
of `$validate-code`, which go before those of the request itself.
"""

from terminology.errors import MissingInput, ProtermError
from terminology.fhir.outcome import Issue, from_error, operation_outcome
from terminology.fhir.parameters import read_parameters
from terminology.model import Json
from terminology.operations.context import Context
from terminology.operations.fields import ResourceField
from terminology.operations.schema import Sent
from terminology.operations.valueset_validate_code import (
    ValueSetValidateCodeParameters,
    ValueSetValidateCodeRequest,
    validate_code,
)

_SINGLE = ValueSetValidateCodeParameters()
_NO_CODE = (
    "Unable to find code to validate (looked for coding | codeableConcept | code+system |"
    " code+inferSystem in parameters"
)


class BatchValidateRequest(ValueSetValidateCodeRequest, frozen=True, kw_only=True):
    """What all validations share, and the validations."""

    validation: tuple[Json, ...] | list[Json] = ()


class BatchValidateParameters(ValueSetValidateCodeParameters):
    """The parameters of `$batch-validate-code`: those of `$validate-code`, and validations."""

    request = BatchValidateRequest

    validation = ResourceField(
        "A Parameters resource with the parameters of one `$validate-code`.", repeats=True
    )


def batch_validate(request: BatchValidateRequest, context: Context) -> Json:
    """An answer for each validation, in their order, as a Parameters resource.

    A validation that can't be answered is answered with an OperationOutcome.

    Raises:
        MissingInput: there is no validation.
        InvalidInput: a resource that the request brings along can't be read.
    """
    if not request.validation:
        raise MissingInput("Send a validation, or several.", expression="validation")
    context = request.context_of(context)
    names = ValueSetValidateCodeRequest.__struct_fields__
    shared = {name: getattr(request, name) for name in names if name != "tx_resource"}
    answers = [
        {"name": "validation", "resource": _answer(one, shared, context)}
        for one in request.validation
    ]
    return {"resourceType": "Parameters", "parameter": answers}


def _answer(validation: Json, shared: dict[str, object], context: Context) -> Json:
    try:
        own = _SINGLE.values(_sent(validation))
        single: ValueSetValidateCodeRequest = _SINGLE.request(**{**shared, **own})
        if not (single.code or single.coding or single.codeable_concept):
            return operation_outcome((Issue("error", "invalid", _NO_CODE),))
        return validate_code(single, context).parameters()
    except ProtermError as error:
        return from_error(error)


def _sent(validation: Json) -> Sent:
    sent: dict[str, list[object]] = {}
    for parameter in read_parameters(validation):
        sent.setdefault(parameter.name, []).append(parameter.value)
    return sent
