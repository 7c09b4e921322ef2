"""The answer to a CoverageEligibilityRequest: what loaded plans say of the codes, and no more.

https://hl7.org/fhir/R5/coverageeligibilityresponse.html. A plan's words become the `description`
of an item, with their source. Where no plan says anything there is no description, and `inforce`,
`excluded`, `benefit` and `authorizationRequired` are never there: nothing loaded tells them.
"""

from collections.abc import Iterator, Sequence

from terminology.coverage.eligibility_contained import with_contained
from terminology.coverage.eligibility_disposition import (
    Answered,
    OfItem,
    disposition,
    not_answered,
)
from terminology.coverage.eligibility_items import Asked
from terminology.coverage.eligibility_payers import Insured
from terminology.coverage.eligibility_request import NAME, Submission
from terminology.coverage.plans import SOURCE, Note, Plans
from terminology.model import Json

ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
ISSUE_TYPE = "http://hl7.org/fhir/issue-type"
_NO_IDENTIFIER = {
    "system": "http://terminology.hl7.org/CodeSystem/adjudication-error",
    "code": "a001",
    "display": "Missing Identifier",
}
_ECHOED = ("purpose", "patient", "event", "servicedDate", "servicedPeriod")


def response(
    submitted: Submission,
    insured: Sequence[Insured],
    asked: Sequence[Asked],
    plans: Plans,
    *,
    day: str,
    notice: str | None,
    created: str,
) -> Json:
    """The CoverageEligibilityResponse.

    Args:
        submitted: the request; one that is not active is not looked at.
        insured: each coverage, with its payer where that is loaded.
        asked: the items of the request.
        plans: what is loaded of them.
        day: of service, `YYYY-MM-DD`.
        notice: the copyright of codes of the request, told last in the disposition. The resource
            has no element for it, and HL7's extension `artifact-copyright` is not for what is about
            a patient: https://hl7.org/fhir/extensions/StructureDefinition-artifact-copyright.html.
        created: the moment, with its zone.

    Returns:
        The resource with R5's elements, parts of the request in the shape in which they came.

    Raises:
        InvalidInput: the request refers to something contained that is not there.
    """
    body, request = submitted.body, submitted.request
    if request.status == "active":
        answered = [Answered(one, _items(one, asked, plans, day)) for one in insured]
        errors = [*_unknown_payers(insured), *_faults(asked)]
        said = disposition(answered, asked, request, day)
        said += f" {notice}" if notice else ""
    else:
        answered = [Answered(one, ()) for one in insured]
        said = "Only a request whose status is active is answered."
        errors = [_error({"system": ISSUE_TYPE, "code": "business-rule"}, said, f"{NAME}.status")]
    answer: Json = {
        "resourceType": "CoverageEligibilityResponse",
        "status": "active",
        **{name: body[name] for each in _ECHOED for name in (each, f"_{each}") if name in body},
        "created": created,
        **({"requestor": body["provider"]} if "provider" in body else {}),
        "outcome": _outcome(submitted, answered, errors),
        "disposition": said,
        "insurer": body["insurer"],
    }
    insurance = [_insurance(one, body) for one in answered if _is_shown(one)]
    answer |= {"insurance": insurance} if insurance else {}
    answer |= {"error": errors} if errors else {}
    return with_contained(answer, submitted)


def _items(insured: Insured, asked: Sequence[Asked], plans: Plans, day: str) -> tuple[OfItem, ...]:
    if insured.payer is None:
        return ()
    found = []
    for item in asked:
        speaking = [plan for plan in plans.of(insured.payer, item.codes) if plan.holds(day)]
        notes = tuple((plan, note) for plan in speaking for note in plan.notes(item.codes))
        found.append(OfItem(item, notes))
    return tuple(found)


def _outcome(submitted: Submission, answered: Sequence[Answered], errors: list[Json]) -> str:
    """`complete` only where each item is answered by words of a plan, for each coverage."""
    if errors:
        return "error"
    whole = all(one.items and all(item.notes for item in one.items) for one in answered)
    return "complete" if whole and not not_answered(submitted.request) else "partial"


def _is_shown(one: Answered) -> bool:
    return one.insured.coverage is not None or bool(one.items)


def _insurance(one: Answered, body: Json) -> Json:
    coverage = one.insured.coverage
    if coverage is None:
        # The element is required, and the request names none.
        coverage = {"extension": [{"url": ABSENT_REASON, "valueCode": "unknown"}]}
    items = [each for item in one.items for each in _item(item, body["item"][item.asked.number])]
    return {"coverage": coverage, **({"item": items} if items else {})}


def _item(item: OfItem, sent: Json) -> Iterator[Json]:
    """An item of the answer for each note; one without a description where there is none."""
    # Either a code or a category, and not both: the constraint ces-1 of the resource.
    of = next((name for name in ("productOrService", "category") if name in sent), None)
    if of is None:
        return
    echoed: Json = {name: sent[name] for name in (of, "modifier", "provider") if name in sent}
    several = len({plan.id for plan, _ in item.notes}) > 1
    for plan, note in item.notes:
        yield echoed | ({"name": plan.name} if several else {}) | _described(note)
    if not item.notes:
        yield echoed


def _described(note: Note) -> Json:
    described: Json = {"description": note.text}
    if note.source is not None:
        described["_description"] = {"extension": [{"url": SOURCE, "valueReference": note.source}]}
    return described


def _unknown_payers(insured: Sequence[Insured]) -> list[Json]:
    unknown = dict.fromkeys((one.path, one.named) for one in insured if one.payer is None)
    return [_unknown_payer(path, named) for path, named in unknown]


def _unknown_payer(path: str, named: str) -> Json:
    advice = "name one of those that GET [base]/Organization lists, by its reference or identifier"
    if not named:
        return _error(_NO_IDENTIFIER, f"{path} names no insurer: {advice}.", path)
    text = f"The payer '{named[:100]}' is not loaded here, so nothing is known of it: {advice}."
    return _error({"system": ISSUE_TYPE, "code": "not-found"}, text, path)


def _faults(asked: Sequence[Asked]) -> list[Json]:
    return [
        _error(
            {"system": ISSUE_TYPE, "code": issue.code},
            issue.text,
            *issue.expression,
            of=issue.coding,
        )
        for item in asked
        for issue in item.faults
    ]


def _error(coding: Json, text: str, *expression: str, of: Json | None = None) -> Json:
    codings = [coding, of] if of else [coding]
    return {"code": {"coding": codings, "text": text}, "expression": list(expression)}
