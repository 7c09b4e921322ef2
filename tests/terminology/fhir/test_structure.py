"""The structure of a resource: what is wrong, where, in words for people."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.fhir.json import Json
from terminology.fhir.structure import MOST, structure_issues
from terminology.fhir.versions import FhirVersion

R4, R5 = FhirVersion.R4, FhirVersion.R5
every_version = pytest.mark.parametrize("version", FhirVersion)


def claim(**more: Any) -> Json:
    return {
        "resourceType": "Claim",
        "status": "active",
        "type": {"coding": [{"code": "professional"}]},
        "use": "claim",
        "patient": {"reference": "Patient/1"},
        "created": "2025-10-02",
        "provider": {"display": "A practice"},
        "priority": {"coding": [{"code": "normal"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "A coverage"}}],
        "item": [item()],
    } | more


def item(**more: Any) -> Json:
    code = {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "37244"}]}
    return {"sequence": 1, "productOrService": code, "quantity": {"value": Decimal(1)}} | more


def procedure(**more: Any) -> Json:
    subject = {"reference": "Patient/1"}
    return {"resourceType": "Procedure", "status": "completed", "subject": subject} | more


def found(resource: Json, version: FhirVersion = R5) -> dict[str, str]:
    """The sentence of each fault by its path."""
    return {issue.expression[0]: issue.text for issue in structure_issues(resource, version)}


@every_version
@pytest.mark.parametrize("resource", [claim(), procedure()], ids=["claim", "procedure"])
def test_nothing_is_wrong_with_what_is_right(resource: Json, version: FhirVersion) -> None:
    before = copy.deepcopy(resource)
    assert structure_issues(resource, version) == []
    assert resource == before


@pytest.mark.parametrize(
    ("version", "missing"),
    [
        (R5, "status type use patient created"),
        (R4, "status type use patient created provider priority insurance"),
    ],
)
def test_everything_that_is_missing_is_told_at_once(version: FhirVersion, missing: str) -> None:
    issues = structure_issues({"resourceType": "Claim"}, version)
    assert [issue.expression[0] for issue in issues] == [f"Claim.{n}" for n in missing.split()]
    assert {(issue.severity, issue.code) for issue in issues} == {("error", "required")}
    assert issues[0].text == "`Claim.status` is required and is missing"


@pytest.mark.parametrize(
    ("resource", "path", "allowed"),
    [
        (claim(status="ACTIVE"), "Claim.status", "active, cancelled, draft, entered-in-error"),
        (claim(use="bill"), "Claim.use", "claim, preauthorization, predetermination"),
        (procedure(status="done"), "Procedure.status", "preparation, in-progress, not-done,"),
        (procedure(text={"status": "x", "div": "<div/>"}), "Procedure.text.status", "generated,"),
        (procedure(identifier=[{"use": "x"}]), "Procedure.identifier[0].use", "usual, official,"),
    ],
)
@every_version
def test_a_code_that_its_value_set_does_not_have(
    resource: Json, path: str, allowed: str, version: FhirVersion
) -> None:
    (issue,) = structure_issues(resource, version)
    assert (issue.severity, issue.code, issue.expression) == ("error", "code-invalid", (path,))
    assert f"it has to be one of {allowed}" in issue.text


def test_a_list_of_codes_that_is_open_is_no_list() -> None:
    expression = {"language": "text/other", "expression": "x"}
    extension = [{"url": "urn:x", "valueExpression": expression}]
    assert structure_issues(procedure(extension=extension), R5) == []


def test_a_comparator_is_checked_though_the_models_do_not() -> None:
    at = "Claim.item[0].quantity.comparator"
    odd = claim(item=[item(quantity={"value": 1, "comparator": "about"})])
    assert "<, <=, >=, >, ad" in found(odd)[at]
    sufficient = claim(item=[item(quantity={"value": 1, "comparator": "ad"})])
    assert structure_issues(sufficient, R5) == []
    assert found(sufficient, R4)[at].endswith("one of <, <=, >=, >")


@pytest.mark.parametrize(
    ("resource", "path", "text"),
    [
        (claim(status=1), "Claim.status", "has to be a text in quotes, not 1"),
        (claim(status=None), "Claim.status", "is null"),
        (claim(status=""), "Claim.status", "is empty"),
        (claim(type="{}"), "Claim.type", "has to be an object, not '{}'"),
        (claim(type={}), "Claim.type", "is empty"),
        (claim(item={}), "Claim.item", "has to be a list, not an object"),
        (claim(item=[]), "Claim.item", "is an empty list"),
        (claim(item=[3]), "Claim.item[0]", "has to be an object, not 3"),
        (claim(item=[None]), "Claim.item[0]", "has to be an object, not null"),
        (claim(item=[item(sequence="1")]), "Claim.item[0].sequence", "a whole number"),
        (claim(item=[item(sequence=True)]), "Claim.item[0].sequence", "not true"),
        (claim(item=[item(sequence=0)]), "Claim.item[0].sequence", "is 0, which is not"),
        (claim(item=[item(quantity={"value": "1"})]), "Claim.item[0].quantity.value", "a number"),
        (claim(created="yesterday"), "Claim.created", "not a FHIR dateTime: write YYYY,"),
        (claim(created="2025-13-01"), "Claim.created", "not a FHIR dateTime: write YYYY,"),
        (claim(item=[item(servicedDate="1.10.25")]), "Claim.item[0].serviced", "a FHIR date:"),
        (claim(language="a  b"), "Claim.language", "is 'a  b', which is not of the form"),
        (claim(id="a b"), "Claim.id", "is 'a b', which is no FHIR id"),
        (claim(id="x" * 70), "Claim.id", "xxx...', which is no FHIR id"),
        (claim(implicitRules="a b"), "Claim.implicitRules", "is 'a b', which is no FHIR uri"),
        (claim(_created={"x": 1}), "Claim.created.x", "has no element 'x'"),
        (claim(_created={}), "Claim.created", "is empty"),
        (claim(_created=[]), "Claim.created", "has to be an object, not a list"),
        (claim(_patient={}), "Claim.patient", "no primitive"),
        (claim(items=[]), "Claim.items", "did you mean 'item'?"),
        (claim(**{"<b>": 1}), "Claim", "has no element '<b>'"),
        (claim(insurance=[{"sequence": 1}]), "Claim.insurance[0].focal", "is required"),
    ],
)
def test_a_fault_is_told_where_it_is(resource: Json, path: str, text: str) -> None:
    assert text in found(resource)[path]


def test_dates_of_a_procedure_are_named_as_the_version_names_them() -> None:
    day = "2025-10-01"
    assert structure_issues(procedure(occurrenceDateTime=day), R5) == []
    assert structure_issues(procedure(performedDateTime=day), R4) == []
    (text,) = found(procedure(performedDateTime=day), R5).values()
    assert "FHIR 5.0.0 has no element 'performedDateTime'" in text
    assert "did you mean 'occurrenceDateTime'?" in text
    (text,) = found(procedure(occurrenceDateTime=day), R4).values()
    assert "FHIR 4.0.1 has no element 'occurrenceDateTime'" in text


def test_a_choice_is_made_once_and_where_it_has_to_be() -> None:
    both = claim(item=[item(servicedDate="2025-10-01", servicedPeriod={"start": "2025"})])
    expected = "`Claim.item[0]` has servicedDate and servicedPeriod; only one of them may stand"
    assert found(both) == {"Claim.item[0].serviced": expected}
    neither = claim(procedure=[{"sequence": 1}])
    assert "is required and is missing" in found(neither)["Claim.procedure[0].procedure"]
    reason = {"url": "urn:x", "valueCode": "unknown"}
    beside = {"sequence": 1, "_procedureReference": {"extension": [reason]}}
    assert "no primitive" in found(claim(procedure=[beside]))["Claim.procedure[0].procedure"]


def test_an_extension_stands_in_for_a_primitive() -> None:
    unknown = {"extension": [{"url": "urn:x", "valueCode": "unknown"}]}
    without = {name: value for name, value in claim().items() if name != "created"}
    assert structure_issues(without | {"_created": unknown}, R5) == []
    given = {"name": [{"given": ["A", None], "_given": [None, unknown]}]}
    inside = {"resourceType": "Patient"} | given
    assert structure_issues(claim(contained=[inside]), R5) == []
    crossed = {"resourceType": "Patient", "name": [{"_given": unknown}]}
    at = "Claim.contained[0].name[0].given"
    assert "has to be a list" in found(claim(contained=[crossed]))[at]


@pytest.mark.parametrize(
    ("inside", "path"),
    [
        ({"resourceType": "Organization", "nmae": "x"}, "Claim.contained[0].nmae"),
        ({"resourceType": "Nothing"}, "Claim.contained[0]"),
        ({"resourceType": "DomainResource"}, "Claim.contained[0]"),
        ({"resourceType": 3}, "Claim.contained[0]"),
        ({}, "Claim.contained[0]"),
        ("Organization", "Claim.contained[0]"),
        ({"resourceType": "Bundle", "type": "batch", "entry": [{"resource": {"resourceType": ""}}]},
         "Claim.contained[0].entry[0].resource"),
    ],
)  # fmt: skip
@every_version
def test_a_resource_in_the_resource(inside: Any, path: str, version: FhirVersion) -> None:
    assert list(found(claim(contained=[inside]), version)) == [path]


def test_r4_contains_what_r4_knows() -> None:
    telephone = [{"system": "phone", "value": "1"}]
    payer = {"resourceType": "Organization", "name": "P", "telecom": telephone}
    assert structure_issues(claim(contained=[payer]), R4) == []
    assert list(found(claim(contained=[payer]), R5)) == ["Claim.contained[0].telecom"]


def test_what_is_wrong_everywhere_is_told_a_hundred_times() -> None:
    issues = structure_issues(claim(item=[{} for _ in range(500)]), R5)
    assert len(issues) == MOST + 1
    assert "More is wrong" in issues[-1].text


def test_the_models_fault_is_told_where_nothing_was_found(monkeypatch: Any) -> None:
    from fhir.resources import get_fhir_model_class

    def fail(*_: Any) -> None:
        raise KeyError("what nobody thought of")

    monkeypatch.setattr(get_fhir_model_class("Claim"), "model_validate", fail)
    assert found(claim()) == {"Claim": "`Claim` can't be read as FHIR 5.0.0 defines it"}
    assert list(found(claim(use="x"))) == ["Claim.use"]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
ELEMENTS = "status type item insurance contained extension _status text id created total x".split()


@given(st.sampled_from(list(FhirVersion)), st.dictionaries(st.sampled_from(ELEMENTS), JUNK))
def test_nothing_that_is_sent_is_an_error_of_ours(version: FhirVersion, spoilt: Json) -> None:
    for issue in structure_issues(claim() | spoilt, version):
        assert issue.severity == "error"
        assert issue.expression[0].startswith("Claim")
        assert "Input should" not in issue.text
