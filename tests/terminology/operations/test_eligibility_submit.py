"""`CoverageEligibilityRequest/$submit`: what is said, what is left out, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import InvalidInput, MissingInput, NotSupported, TooCostly
from terminology.fhir.outcome import InvalidResource
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import perform
from tests.terminology.coverage.test_eligibility_payers import AETNA, MEDICARE, NOBODY, request
from tests.terminology.coverage.test_plans import PAYER, benefit, plan

CPT = "http://www.ama-assn.org/go/cpt"
COVERAGE: Json = {"reference": "Coverage/1"}
NEVER = {"inforce", "benefitPeriod"}
NEVER_OF_ITEM = {"excluded", "benefit", "authorizationRequired", "network", "unit", "term"}


def item(code: str, system: str = CPT, **more: Any) -> Json:
    return {"productOrService": {"coding": [{"system": system, "code": code}]}, **more}


def submit(context: Context, body: Json) -> Json:
    return perform(context, "CoverageEligibilityRequest/submit", resource=body)


def ask(context: Context, insurer: Json, *items: Json, **more: Any) -> Json:
    return submit(
        context, request(insurer, COVERAGE, **({"item": list(items)} if items else {}), **more)
    )


def items_of(answer: Json) -> list[Json]:
    return [each for one in answer.get("insurance", ()) for each in one.get("item", ())]


def texts_of(answer: Json) -> list[str]:
    return [error["code"]["text"] for error in answer.get("error", ())]


@pytest.mark.parametrize("code", ["37244", "37244:59", "37244:RT:59"])
def test_what_the_plan_says_of_the_procedure_is_told_with_its_source(
    context: Context, code: str
) -> None:
    answer = ask(context, MEDICARE, item(code), servicedDate="2025-10-01")
    (found,) = items_of(answer)
    assert found["description"].startswith("Medicare's national coverage determination")
    (extension,) = found["_description"]["extension"]
    assert extension["valueReference"]["reference"] == "DocumentReference/cms-ncd-20-28"
    assert extension["valueReference"]["display"].startswith("CMS: National Coverage")
    assert answer["outcome"] == "complete"
    assert "2025-10-01" in answer["disposition"]
    assert ("whatever its modifiers" in answer["disposition"]) is (":" in code)


@pytest.mark.parametrize("insurer", [AETNA, {"reference": "Organization/hmsa"}])
def test_where_the_plan_is_silent_or_there_is_none_nothing_is_invented(
    context: Context, insurer: Json
) -> None:
    answer = ask(context, insurer, item("37244"))
    assert items_of(answer) == [item("37244")]
    assert answer["outcome"] == "partial"
    assert "Nothing is known here of what" in answer["disposition"]
    assert "37244" in answer["disposition"]


def test_what_nothing_loaded_tells_is_never_there(context: Context) -> None:
    answer = ask(context, MEDICARE, item("37244"), item("99213"))
    for one in answer["insurance"]:
        assert not NEVER & set(one)
    for each in items_of(answer):
        assert not NEVER_OF_ITEM & set(each)
    assert "Whether a coverage is in force" in answer["disposition"]


def test_the_requests_parts_go_back_as_they_came(context: Context) -> None:
    provider = {"reference": "Practitioner/1"}
    body = request(
        MEDICARE,
        COVERAGE,
        item=[item("37244", modifier=[{"coding": [{"code": "59"}]}], provider=provider)],
        provider=provider,
        servicedPeriod={"start": "2025-10-01", "end": "2025-10-02"},
        purpose=["benefits", "validation"],
    )
    answer = submit(context, body)
    for name in ("patient", "insurer", "purpose", "servicedPeriod"):
        assert answer[name] == body[name]
    assert answer["requestor"] == provider
    assert answer["insurance"][0]["coverage"] == COVERAGE
    (found,) = items_of(answer)
    assert {k: v for k, v in found.items() if k in body["item"][0]} == body["item"][0]


def test_a_purpose_that_can_not_be_served_is_told(context: Context) -> None:
    answer = ask(context, MEDICARE, item("37244"), purpose=["benefits", "validation"])
    assert answer["outcome"] == "partial"
    assert "Of the purposes validation nothing is answered here" in answer["disposition"]


def test_a_code_or_a_category_but_not_both(context: Context) -> None:
    category = {"text": "Surgery"}
    answer = ask(
        context,
        MEDICARE,
        item("37244", category=category),
        {"category": category},
        {"provider": {"display": "x"}},
    )
    coded, categorised = items_of(answer)
    assert "category" not in coded
    assert categorised == {"category": category}
    assert answer["outcome"] == "partial"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (item("99213"), "The code '99213' is not among"),
        (item("1", "http://x.example/codes"), "http://x.example/codes, is not loaded"),
        ({"productOrService": {"text": "something"}}, "item[0]"),
    ],
)
def test_a_code_that_can_not_be_checked_is_no_error(
    context: Context, asked: Json, why: str
) -> None:
    answer = ask(context, MEDICARE, asked)
    assert items_of(answer) == [asked]
    assert answer["outcome"] == "partial"
    assert "error" not in answer
    assert why in answer["disposition"]


@pytest.mark.parametrize("code", ["37244-59", "37244:95", "25:95", "37244:59:59", "37244:37243"])
def test_a_code_that_breaks_the_grammar_is_an_error_with_its_rule(
    context: Context, code: str
) -> None:
    answer = ask(context, MEDICARE, item("37244"), item(code))
    assert answer["outcome"] == "error"
    for error in answer["error"]:
        kind, rule = error["code"]["coding"]
        assert (kind["system"], kind["code"]) == ("http://hl7.org/fhir/issue-type", "code-invalid")
        assert rule["system"].endswith("/CodeSystem/coding-rules")
        path = "CoverageEligibilityRequest.item[1].productOrService.coding[0].code"
        assert error["expression"] == [path]
    assert "description" in items_of(answer)[0]


def test_an_unknown_insurer_is_an_error(context: Context) -> None:
    answer = ask(context, NOBODY, item("37244"))
    assert answer["outcome"] == "error"
    (error,) = answer["error"]
    assert error["code"]["coding"][0]["code"] == "not-found"
    assert "'Organization/nobody' is not loaded here" in error["code"]["text"]
    assert error["expression"] == ["CoverageEligibilityRequest.insurer"]
    assert answer["insurance"] == [{"coverage": COVERAGE}]
    assert "description" not in str(answer["insurance"])


def test_an_insurer_without_any_name_has_hl7s_own_code(context: Context) -> None:
    (error,) = ask(context, {"type": "Organization"}, item("37244"))["error"]
    (coding,) = error["code"]["coding"]
    assert coding["system"].endswith("/adjudication-error")
    assert coding["code"] == "a001"


def test_the_same_unknown_insurer_is_told_once(context: Context) -> None:
    answer = submit(context, request(NOBODY, COVERAGE, {"reference": "Coverage/2"}))
    assert len(answer["error"]) == 1
    assert len(answer["insurance"]) == 2


@pytest.mark.parametrize("status", ["cancelled", "draft", "entered-in-error"])
def test_only_an_active_request_is_answered(context: Context, status: str) -> None:
    answer = ask(context, MEDICARE, item("37244"), status=status)
    assert (answer["status"], answer["outcome"]) == ("active", "error")
    assert items_of(answer) == []
    assert texts_of(answer) == [answer["disposition"]]


def test_without_a_coverage_the_insurer_is_asked_all_the_same(context: Context) -> None:
    answer = submit(context, request(MEDICARE, item=[item("37244")]))
    (insurance,) = answer["insurance"]
    assert insurance["coverage"]["extension"][0]["valueCode"] == "unknown"
    assert answer["outcome"] == "complete"


def test_without_items_nothing_is_said(context: Context) -> None:
    answer = ask(context, MEDICARE)
    assert answer["outcome"] == "partial"
    assert "names no item" in answer["disposition"]


def test_the_day_of_service_decides_which_plan_speaks(load: Callable[..., Context]) -> None:
    old = plan("old", benefit("1", "Then."), period={"end": "2025-12-31"})
    new = plan("new", benefit("1", "Now."), period={"start": "2026-01-01"})
    context = load(PAYER, old, new)
    payer = {"reference": "Organization/payer"}
    told = {
        day: [
            each["description"] for each in items_of(ask(context, payer, item("1"), **day_of(day)))
        ]
        for day in ("2025-12-31", "2026", "2026-01-01")
    }
    assert told == {"2025-12-31": ["Then."], "2026": ["Now."], "2026-01-01": ["Now."]}


def day_of(day: str) -> Json:
    return {"servicedPeriod": {"start": day}} if day == "2026" else {"servicedDate": day}


def test_several_plans_speak_each_under_its_name(load: Callable[..., Context]) -> None:
    known = PAYER | {"identifier": [{"system": "urn:payers", "value": "77"}]}
    context = load(known, plan("gold", benefit("1", "A.")), plan("silver", benefit("1", "B.")))
    answer = ask(context, {"identifier": {"system": "urn:payers", "value": "77"}}, item("1"))
    told = [(each["name"], each["description"]) for each in items_of(answer)]
    assert told == [("Gold", "A."), ("Silver", "B.")]


def test_a_request_with_an_id_is_referred_to_and_one_without_is_contained(context: Context) -> None:
    named = ask(context, MEDICARE, item("37244"), id="7")
    assert named["request"] == {"reference": "CoverageEligibilityRequest/7"}
    assert "contained" not in named
    answer = ask(context, MEDICARE, item("37244"), meta={"versionId": "1"})
    (contained,) = answer["contained"]
    assert answer["request"] == {"reference": f"#{contained['id']}"}
    assert contained["resourceType"] == "CoverageEligibilityRequest"
    assert "meta" not in contained


def test_what_the_parts_refer_to_is_contained_and_nothing_else(context: Context) -> None:
    organization = {"resourceType": "Organization", "name": "Medicare"}
    contained = [
        organization | {"id": "request", "partOf": {"reference": "#group"}},
        organization | {"id": "group"},
        organization | {"id": "unused"},
    ]
    body = request({"reference": "#request"}, contained=contained, id="7")
    assert [each["id"] for each in submit(context, body)["contained"]] == ["request", "group"]
    del body["id"]
    answer = submit(context, body)
    assert [each["id"] for each in answer["contained"]] == ["request-2", "request", "group"]
    assert answer["request"] == {"reference": "#request-2"}


def test_a_bundle_gives_the_request_its_address(context: Context) -> None:
    def bundle(url: str) -> Json:
        entry = {"fullUrl": url, "resource": request(MEDICARE, COVERAGE)}
        return {"resourceType": "Bundle", "type": "collection", "entry": [entry]}

    url = "https://ehr.example/CoverageEligibilityRequest/7"
    assert submit(context, bundle(url))["request"] == {"reference": url}
    assert submit(context, bundle("urn:uuid:1"))["request"] == {"reference": "#request"}


@pytest.mark.parametrize(
    ("entries", "error", "sentence"),
    [
        ([], InvalidInput, "holds no CoverageEligibilityRequest"),
        ([{"resource": {"resourceType": "Patient"}}], InvalidInput, "holds no"),
        ([{"resource": request(MEDICARE)}] * 2, NotSupported, "holds 2 requests"),
        ([{"resource": {"resourceType": "Bundle"}}], NotSupported, "Bundle of Bundles"),
        ([None], InvalidInput, r"Bundle.entry\[0\] must be an object"),
        ({}, InvalidInput, r"Bundle.entry\[0\] must be an object"),
        ([{"resource": {"resourceType": []}}], InvalidInput, "holds no"),
    ],
)
def test_a_bundle_that_is_none_of_ours(
    context: Context, entries: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        submit(context, {"resourceType": "Bundle", "type": "collection", "entry": entries})


def test_what_is_refused(context: Context) -> None:
    with pytest.raises(MissingInput, match="Send a CoverageEligibilityRequest"):
        perform(context, "CoverageEligibilityRequest/submit")
    with pytest.raises(InvalidInput, match="is a Patient; send a CoverageEligibilityRequest"):
        submit(context, {"resourceType": "Patient"})
    with pytest.raises(InvalidInput, match="contains no resource with that id"):
        submit(context, request({"reference": "#gone"}, COVERAGE))
    with pytest.raises(TooCostly, match="501 items for 2 coverages"):
        submit(context, request(MEDICARE, COVERAGE, COVERAGE, item=[item("1")] * 501))


def test_every_fault_of_the_structure_is_told(context: Context) -> None:
    body = request(MEDICARE, purpose=["guess"], foo=1)
    del body["patient"]
    with pytest.raises(InvalidResource) as raised:
        submit(context, body)
    assert {issue.expression[0].rpartition(".")[2] for issue in raised.value.issues} == {
        "purpose[0]",
        "foo",
        "patient",
    }
