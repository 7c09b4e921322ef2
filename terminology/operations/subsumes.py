"""`CodeSystem/$subsumes`: how two codes of a code system stand to each other.

https://hl7.org/fhir/R5/codesystem-operation-subsumes.html.
"""

import msgspec

from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput, MissingInput, NotFound
from terminology.model import Coding, Json
from terminology.operations.context import Context
from terminology.operations.fields import (
    CodeField,
    CodingField,
    ResourceField,
    StringField,
    UriField,
)
from terminology.operations.lookup import provider_of, sentences
from terminology.operations.schema import ParametersSchema
from terminology.tree import PlacedConcept


class SubsumesRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked; the parameters are described in `SubsumesParameters`."""

    code_a: str | None = None
    code_b: str | None = None
    system: str | None = None
    version: str | None = None
    coding_a: Coding | None = None
    coding_b: Coding | None = None
    tx_resource: tuple[Json, ...] | list[Json] = ()


class SubsumesParameters(ParametersSchema[SubsumesRequest]):
    """The parameters of `$subsumes`."""

    request = SubsumesRequest

    code_a = CodeField("The first code; it goes with `system`.", data_key="codeA")
    code_b = CodeField("The second code; it goes with `system`.", data_key="codeB")
    system = UriField("The code system of both codes.", type_level_only=True)
    version = StringField(
        "The version of the code system; the latest that is loaded if left out.",
        type_level_only=True,
    )
    coding_a = CodingField("The first code with its system.", data_key="codingA")
    coding_b = CodingField("The second code with its system.", data_key="codingB")
    tx_resource = ResourceField(
        "A CodeSystem that this request is answered with, before a loaded one of the same URL and"
        " version.",
        repeats=True,
        data_key="tx-resource",
    )


def subsumes(request: SubsumesRequest, context: Context) -> Json:
    """The outcome as a Parameters resource: equivalent, subsumes, subsumed-by, not-subsumed.

    Raises:
        MissingInput: a code or the code system is missing.
        InvalidInput: the codes are of two code systems.
        NotFound: the code system or a code is not loaded.
    """
    context = context.with_resources(request.tx_resource) if request.tx_resource else context
    first = _coding("codeA", request.code_a, request.coding_a, request)
    second = _coding("codeB", request.code_b, request.coding_b, request)
    if first.system != second.system:
        raise InvalidInput(
            f"The codes are of two code systems, '{first.system}' and '{second.system}';"
            " subsumption is between codes of one."
        )
    version = first.version or second.version or request.version
    provider = provider_of(context.code_systems, first.system or "", version)
    outcome = _outcome(provider, _placed(provider, first), _placed(provider, second))
    found = {"name": "outcome", "valueCode": outcome}
    return {"resourceType": "Parameters", "parameter": [found]}


def _coding(name: str, code: str | None, coding: Coding | None, request: SubsumesRequest) -> Coding:
    system = request.system
    if coding is not None:
        system, code = coding.system or system, coding.code
    if code is None or system is None:
        raise MissingInput(f"Send {name} with its system, or a coding.", expression=name)
    return Coding(system=system, version=coding.version if coding else None, code=code)


def _placed(provider: Provider, coding: Coding) -> PlacedConcept:
    placed = provider.find(coding.code or "")
    if placed is None:
        raise NotFound(sentences(provider.refusals(coding.code or "", "code")))
    return placed


def _outcome(provider: Provider, first: PlacedConcept, second: PlacedConcept) -> str:
    if first.ordinal == second.ordinal:
        return "equivalent"
    if provider.is_descendant(second.ordinal, first.ordinal):
        return "subsumes"
    if provider.is_descendant(first.ordinal, second.ordinal):
        return "subsumed-by"
    return "not-subsumed"
