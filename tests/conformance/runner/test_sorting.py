"""The order in which an answer is compared; ties keep the server's."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from conformance.runner.sorting import sort
from tests.conformance.runner.samples import EXPANSION, EXPECTED, VALIDATION, Json, right


def parameters(*items: Json) -> Json:
    return {"resourceType": "Parameters", "parameter": list(items)}


def part(name: str, **values: str) -> Json:
    return {"name": name, "part": [{"name": key, "valueString": values[key]} for key in values]}


def names(answer: Json) -> list[str]:
    return [item["name"] for item in answer["parameter"]]


def codes(items: list[Json]) -> list[str]:
    return [item["code"] for item in items]


def test_what_is_expected_is_sorted() -> None:
    for expected in EXPECTED.values():
        answer = right(expected)
        assert sort(answer) == answer


@given(st.permutations(range(6)))
def test_parameters_by_name(order: list[int]) -> None:
    answer = right(VALIDATION)
    shuffled = answer | {"parameter": [answer["parameter"][index] for index in order]}
    assert sort(shuffled) == answer


def test_parts_and_what_they_are_sorted_by() -> None:
    answer = parameters(
        {"name": "property", "part": [{"name": "value", "valueCode": "B"}, {"name": "code"}]},
        part("property", code="prop", value="b"),
        part("property", value="A", code="prop"),
        part("property", code="Child", value="z"),
        part("designation", value="z", language="EN"),
        part("designation", value="Rot", language="de"),
        part("designation", value="x"),
    )
    found = sort(answer)["parameter"]
    flat = [
        [one.get("valueString", one.get("valueCode")) for one in item["part"]] for item in found
    ]
    assert flat == [
        ["x"],
        ["de", "Rot"],
        ["EN", "z"],
        [None, "B"],
        ["Child", "z"],
        ["prop", "A"],
        ["prop", "b"],
    ]


def test_parts_of_a_single_parameter_stay_as_they_are() -> None:
    answer = parameters(part("match", relationship="x", concept="y"))
    assert sort(answer) == answer


def test_sentences_of_a_message() -> None:
    def sorted_message(value: Any) -> Any:
        return sort(parameters({"name": "message", **value}))["parameter"][0]

    assert sorted_message({"valueString": "b; a; c"})["valueString"] == "a; b; c"
    assert sorted_message({"valueString": "b;a"})["valueString"] == "b;a"
    assert sorted_message({"valueMarkdown": "b; a"})["valueMarkdown"] == "b; a"
    assert sorted_message({"valueString": "b; "})["valueString"] == "b"
    other = parameters({"name": "text", "valueString": "b; a"})
    assert sort(other) == other


def issue(severity: str, code: str, where: str, text: str) -> Json:
    return {"severity": severity, "code": code, "expression": [where], "details": {"text": text}}


ISSUES = [
    issue("error", "code-invalid", "Coding", "b"),
    issue("error", "invalid", "Coding", "a"),
    issue("error", "invalid", "Coding", "b"),
    issue("error", "invalid", "Coding.code", "a"),
    issue("warning", "invalid", "Coding", "a"),
]


@given(st.permutations(ISSUES))
def test_issues_inside_of_parameters(issues: list[Json]) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": issues}
    answer = sort(parameters({"name": "issues", "resource": outcome}))
    assert answer["parameter"][0]["resource"]["issue"] == ISSUES
    assert sort(outcome) == outcome
    nested = sort(parameters({"name": "validation", "resource": parameters(*answer["parameter"])}))
    assert nested["parameter"][0]["resource"] == answer


def test_an_expansion() -> None:
    answer = right(EXPANSION)
    expansion = answer["expansion"]
    shuffled = answer | {
        "extension": [{"url": "b"}, {"url": "a"}],
        "expansion": expansion
        | {name: list(reversed(expansion[name])) for name in ("contains", "parameter", "property")},
    }
    found = sort(shuffled)
    assert found.pop("extension") == [{"url": "a"}, {"url": "b"}]
    assert found == answer


def test_concepts_in_an_expansion() -> None:
    concept = {
        "code": "a",
        "contains": [{"code": "z"}, {"code": "b"}],
        "designation": [
            {"language": "nl", "value": "1"},
            {"language": "de", "value": "3"},
            {"language": "de", "value": "2"},
        ],
        "property": [{"code": "weight"}, {"code": "order", "valueInteger": 1}],
        "extension": [{"url": "b", "extension": [{"url": "2"}, {"url": "1"}]}, {"url": "a"}],
    }
    found = sort({"resourceType": "ValueSet", "expansion": {"contains": [concept]}})
    [concept] = found["expansion"]["contains"]
    assert codes(concept["contains"]) == ["b", "z"]
    assert [it["value"] for it in concept["designation"]] == ["3", "2", "1"]
    assert codes(concept["property"]) == ["order", "weight"]
    assert concept["extension"][1]["extension"] == [{"url": "1"}, {"url": "2"}]


def test_one_code_in_two_versions_stays_in_the_servers_order() -> None:
    contains = [{"code": "a", "version": "2"}, {"code": "a", "version": "1"}]
    answer = {"resourceType": "ValueSet", "expansion": {"contains": contains}}
    assert sort(answer) == answer


def test_statements_of_capabilities() -> None:
    rest = {
        "mode": "server",
        "resource": [
            {"type": "ValueSet", "operation": [{"name": "validate-code"}, {"name": "expand"}]},
            {"type": "CodeSystem", "interaction": [{"code": "read"}, {"code": "create"}]},
        ],
    }
    statement = {"resourceType": "CapabilityStatement", "format": ["xml", "json"], "rest": [rest]}
    found = sort(statement)
    assert found["format"] == ["json", "xml"]
    systems, sets = found["rest"][0]["resource"]
    assert codes(systems["interaction"]) == ["create", "read"]
    assert [it["name"] for it in sets["operation"]] == ["expand", "validate-code"]
    terminology = {
        "resourceType": "TerminologyCapabilities",
        "codeSystem": [{"uri": "b"}, {"uri": "a", "version": [{"code": "2"}, {"code": "1"}]}],
        "expansion": {"parameter": [{"name": "b"}, {"name": "a"}]},
    }
    found = sort(terminology)
    assert found["codeSystem"][0] == {"uri": "a", "version": [{"code": "1"}, {"code": "2"}]}
    assert found["expansion"]["parameter"] == [{"name": "a"}, {"name": "b"}]


def test_text_is_sorted_as_java_sorts_it() -> None:
    # U+1F600 is a pair of surrogates in UTF-16, and those come before U+FF01.
    answer = parameters({"name": "\uff01"}, {"name": "\U0001f600"}, {"name": "Z"}, {"name": "a"})
    assert names(sort(answer)) == ["Z", "a", "\U0001f600", "\uff01"]
