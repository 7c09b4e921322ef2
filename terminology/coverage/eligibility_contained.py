"""What an answer has to contain: the request, where nothing names it, and what its parts refer to.

https://hl7.org/fhir/R5/references.html#contained: what is contained is referred to, holds nothing
contained itself, and has neither a version nor security labels of its own.
"""

from collections.abc import Iterator
from typing import Any

from terminology.coverage.eligibility_request import NAME, Submission
from terminology.errors import InvalidInput
from terminology.model import Json

_NOT_IN_CONTAINED = ("contained", "meta", "text")


def with_contained(response: Json, submitted: Submission) -> Json:
    """The answer with its `request`, and with all contained that it refers to.

    Args:
        response: without both, parts of the request in it.
        submitted: what it answers.

    Raises:
        InvalidInput: a part refers to something contained that is not there.
    """
    available: dict[str, Json] = {}
    for resource in submitted.request.contained:
        available.setdefault(str(resource.get("id")), resource)
    address = _address(submitted)
    contained: list[Json] = []
    if address is None:
        own_id = _free("request", available)
        body = {k: v for k, v in submitted.body.items() if k not in _NOT_IN_CONTAINED}
        contained.append({"resourceType": NAME, "id": own_id, **body})
        address = f"#{own_id}"
    contained += _needed([response, *contained], available)
    answer = {"resourceType": response["resourceType"]}
    answer |= {"contained": contained} if contained else {}
    return answer | response | {"request": {"reference": address}}


def _address(submitted: Submission) -> str | None:
    """How a reference names the request; None where it can't."""
    if (submitted.url or "").startswith(("http://", "https://")):
        return submitted.url
    return f"{NAME}/{submitted.request.id}" if submitted.request.id else None


def _free(wanted: str, taken: dict[str, Json]) -> str:
    number = 1
    found = wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def _needed(parts: list[Json], available: dict[str, Json]) -> list[Json]:
    """The contained resources that the parts refer to, and those that these refer to."""
    found: dict[str, Json] = {}
    own = {str(part.get("id")) for part in parts}
    pending = [name for part in parts for name in _local_references(part)]
    while pending:
        name = pending.pop(0)
        if name in found or name in own:
            continue
        if name not in available:
            raise InvalidInput(
                f"A reference is '#{name[:60]}', and the {NAME} contains no resource with that id.",
                expression=f"{NAME}.contained",
            )
        found[name] = available[name]
        pending += _local_references(available[name])
    return list(found.values())


def _local_references(value: Any) -> Iterator[str]:
    """The ids that references in some JSON name as contained, `x` of `#x`, each time."""
    if isinstance(value, dict):
        reference = value.get("reference")
        if isinstance(reference, str) and reference.startswith("#") and len(reference) > 1:
            yield reference[1:]
        for inner in value.values():
            yield from _local_references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _local_references(inner)
