"""`$validate`: codes and modifiers in any form and of any system, and what can't be checked."""

import pytest
from flask.testing import FlaskClient

from tests.service.asking import CPT, Json
from tests.service.claims import (
    DAY,
    HCPCS,
    MEDICARE,
    NO_SPLIT,
    claim,
    concept,
    item,
    procedure,
    severities,
    the,
    told,
)

SNOMED = "http://snomed.info/sct"
CODE = "Procedure.code.coding[0].code"
AGENTS = "https://proterm.example/fhir/CodeSystem/embolic-agents"


def of(client: FlaskClient, code: Json | str) -> list[tuple[str, tuple[str, ...], str]]:
    found = told(client, procedure(code, performedDateTime=DAY), MEDICARE)
    return [(one.severity, one.paths, one.text) for one in found]


@pytest.mark.parametrize(
    ("code", "path", "words"),
    [
        ({"text": "closure of a vessel"}, "Procedure.code", "is text without a code"),
        (concept("1", SNOMED), "Procedure.code.coding[0]", f"The code system {SNOMED} is not"),
        (concept("37244", None), "Procedure.code.coding[0]", "has no system"),
        ({"coding": [{"system": CPT}]}, "Procedure.code.coding[0]", "has no code"),
        ("99213", CODE, "The code 99213 is not loaded"),
        ("37244:ZQ", CODE, "The modifier ZQ is not loaded"),
    ],
)
def test_what_nobody_checked_is_a_warning_and_never_an_error(
    client: FlaskClient, code: Json | str, path: str, words: str
) -> None:
    found = of(client, code)
    (warning,) = [issue for issue in found if issue[0] == "warning"]
    assert warning[1] == (path,)
    assert words in warning[2]
    assert "not checked" in warning[2]
    assert "error" not in {severity for severity, _, _ in found}
    assert not [text for _, _, text in found if text.startswith("No error")]


def test_beside_a_code_that_was_checked_it_informs(client: FlaskClient) -> None:
    both = {"coding": [*concept("1", SNOMED)["coding"], *concept("37244")["coding"]]}
    found = of(client, both)
    assert {severity for severity, _, _ in found} == {"information"}
    assert found[0][2].startswith("No error and no warning.")


def test_a_code_of_another_system_that_is_loaded_was_checked(client: FlaskClient) -> None:
    found = of(client, concept("coil", AGENTS))
    assert {severity for severity, _, _ in found} == {"information"}
    assert "error" in {severity for severity, _, _ in of(client, concept("no-agent", AGENTS))}


def test_several_codes_of_a_procedure_are_judged_each(client: FlaskClient) -> None:
    both = {"coding": [*concept("37244:26")["coding"], *concept("37242:TC")["coding"]]}
    found = told(client, procedure(both, performedDateTime=DAY), MEDICARE)
    paths = [issue.paths for issue in found if issue.rule == NO_SPLIT]
    assert paths == [("Procedure.code.coding[0].code",), ("Procedure.code.coding[1].code",)]


@pytest.mark.parametrize(
    ("system", "named"),
    [
        ("urn:oid:2.16.840.1.113883.6.12", CPT),
        ("urn:oid:2.16.840.1.113883.6.285", HCPCS),
    ],
)
def test_an_oid_is_read_and_the_url_named(client: FlaskClient, system: str, named: str) -> None:
    found = of(client, concept("37244", system))
    at = ("Procedure.code.coding[0].system",)
    assert [s for s, paths, text in found if paths == at and named in text] == ["warning"]
    assert not [text for _, _, text in found if "not loaded" in text]


def test_a_modifier_of_level_ii_as_the_procedure_is_refused_by_the_grammar(
    client: FlaskClient,
) -> None:
    (found, *_) = told(client, procedure(concept("LT", HCPCS), performedDateTime=DAY), MEDICARE)
    assert (found.severity, found.rule) == ("error", "cpt-modifier-as-base")


def test_an_expression_is_cpts_alone(client: FlaskClient) -> None:
    found = told(client, procedure(concept("37244:26", HCPCS), performedDateTime=DAY), MEDICARE)
    assert the(found, "is a code of CPT, not of HCPCS Level II").severity == "warning"
    assert severities(found, NO_SPLIT) == {"warning"}


@pytest.mark.parametrize("modifier", ["GC", "TC", "AS"])
def test_the_home_of_a_modifier_that_cpt_does_not_list_is_named(
    client: FlaskClient, modifier: str
) -> None:
    home = f"its home is HCPCS Level II ({HCPCS})"
    at = "Claim.item[0].modifier[0]"
    for resource, path in (
        (procedure(f"37244:{modifier}", performedDateTime=DAY), CODE),
        (claim(item(1, "37244", modifier)), at),
    ):
        said = the(told(client, resource), home)
        assert (said.severity, said.paths) == ("information", (path,))
    own = claim(item(1, "37244", modifier=[concept(modifier, HCPCS)]))
    assert not [issue for issue in told(client, own) if home in issue.text]


def of_modifier(client: FlaskClient, modifier: Json) -> list[tuple[str, str]]:
    found = told(client, claim(item(1, "37244", modifier=[modifier])), MEDICARE)
    at = "Claim.item[0].modifier[0]"
    return [(one.severity, one.text) for one in found if at in one.paths]


@pytest.mark.parametrize(
    ("modifier", "words"),
    [
        (concept("59", SNOMED), "was not checked as a modifier"),
        ({"text": "59"}, "was not checked as a modifier"),
        (concept("ZQ"), "The modifier ZQ is not loaded"),
        (concept("59", HCPCS), "59 is a modifier of CPT, not of HCPCS Level II"),
    ],
)
def test_a_modifier_that_is_not_what_it_says_is_a_warning(
    client: FlaskClient, modifier: Json, words: str
) -> None:
    ((severity, text),) = of_modifier(client, modifier)
    assert severity == "warning"
    assert words in text


@pytest.mark.parametrize(
    ("modifier", "rule"), [("lt", "cpt-lower-case"), ("59:LT", "cpt-bad-modifier")]
)
def test_a_modifier_that_is_none_is_an_error_where_it_stands(
    client: FlaskClient, modifier: str, rule: str
) -> None:
    found = told(client, claim(item(1, "37244", "59", modifier)), MEDICARE)
    (wrong,) = [issue for issue in found if issue.rule == rule]
    assert (wrong.severity, wrong.paths) == ("error", ("Claim.item[0].modifier[1]",))


@pytest.mark.parametrize("system", [None, CPT, HCPCS])
def test_a_modifier_of_both_systems_is_taken_from_each(
    client: FlaskClient, system: str | None
) -> None:
    assert of_modifier(client, concept("LT", system)) == []


def test_two_modifiers_in_one_element_are_told(client: FlaskClient) -> None:
    two = {"coding": [*concept("59")["coding"], *concept("26")["coding"]]}
    ((severity, text),) = of_modifier(client, two)
    assert severity == "warning"
    assert "59 was judged, 26 not" in text
    same = {"coding": [*concept("LT")["coding"], *concept("LT", HCPCS)["coding"]]}
    assert of_modifier(client, same) == []


def test_an_expression_in_an_item_is_a_warning_that_names_the_place(client: FlaskClient) -> None:
    found = told(client, claim(item(1, "37244:26", "LT")), MEDICARE)
    said = the(found, "a claim has them in `Claim.item[0].modifier`")
    at = "Claim.item[0].productOrService.coding[0].code"
    assert (said.severity, said.paths) == ("warning", (at,))
    assert severities(found, NO_SPLIT) == {"error"}


@pytest.mark.parametrize(
    "line",
    [
        item(1, "3" * 5000),
        item(1, "37244", "5" * 5000),
        item(1, "37244:" + "5" * 5000),
        item(1, "37244-" + "59-" * 2000),
        item(1, "", productOrService=concept("G" * 5000, HCPCS), quantity={"value": 1}),
    ],
)
def test_what_is_far_too_long_is_not_sent_back_whole(client: FlaskClient, line: Json) -> None:
    found = told(client, claim(line), MEDICARE)
    assert "error" in {issue.severity for issue in found}
    assert all(len(issue.text) < 800 for issue in found)


@pytest.mark.parametrize(
    ("code", "rule"),
    [("37244:1P", "cpt-category-2-modifier"), ("37244:26", "mpfs-pctc-no-split")],
)
def test_where_a_modifier_stands_in_an_expression_is_told(
    client: FlaskClient, code: str, rule: str
) -> None:
    sent = procedure(code, performedDateTime="2025-10-15")
    (finding,) = [issue for issue in told(client, sent) if issue.rule == rule]
    assert "(at character 7)" in finding.text
