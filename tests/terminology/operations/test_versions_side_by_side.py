"""Several versions of one code system in one value set, kept apart or taken together."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import NotFound
from terminology.model import Json
from terminology.operations.context import Context
from terminology.valuesets.members import VersionRefused
from tests.terminology.builders import code_system, codes_of, concept, include, value_of, value_set
from tests.terminology.operations.asking import (
    entries_of,
    expand,
    messages_of,
    ours,
    system,
    validate,
    value_set_url,
    values_of,
)

PARTS = system("parts")
MATCH = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter",
            "extension": [
                {"url": "name", "valueCode": "versionsMatch"},
                {"url": "value", "valueBoolean": True},
            ],
        }
    ]
}
ONE, TWO = include(PARTS, version="1.0.0"), include(PARTS, version="2.0.0")


def matching(resource: Json) -> Json:
    return resource | {"compose": resource["compose"] | MATCH}


@pytest.fixture
def parts(load: Callable[..., Context]) -> Context:
    first = [concept("bolt", "Bolt"), concept("cog", "Cog")]
    second = [concept("bolt", "Screw bolt"), concept("cog", "Cog"), concept("nut", "Nut")]
    return load(
        ours(code_system("parts", first, version="1.0.0")),
        ours(code_system("parts", second, version="2.0.0")) | {"id": "parts-2"},
        ours(value_set("both", ONE, TWO)),
        ours(value_set("merged", ONE, TWO)) | matching(ours(value_set("merged", ONE, TWO))),
        ours(value_set("mixed", include(PARTS), ONE)),
        ours(value_set("named", include(PARTS, "cog", version="1.0.0"), TWO)),
        ours(value_set("less-one", ONE, TWO, exclude=[include(PARTS, "bolt", version="1.0.0")])),
        ours(value_set("less-other", TWO, exclude=[include(PARTS, "bolt", version="1.0.0")])),
        ours(value_set("gone", include(PARTS, version="7"))),
        ours(value_set("newest", include(PARTS))),
        ours(value_set("wild", include(PARTS, version="1.x.x"))),
        ours(value_set("importing", include(valueSet=[value_set_url("pinned")]))),
        ours(value_set("pinned", ONE), version="1"),
        ours(value_set("pinned", TWO), version="2") | {"id": "pinned-2"},
    )


def pairs(found: Json) -> list[tuple[str, str | None]]:
    return [(e["code"], e.get("version")) for e in entries_of(found)]


def test_a_version_that_is_not_loaded_has_no_expansion(parts: Context) -> None:
    with pytest.raises(NotFound, match="version '7' could not be found, so the value set cannot"):
        expand(parts, "gone")
    assert expand(parts, "gone", force_system_version=[f"{PARTS}|1.0.0"])["expansion"]["total"] == 2


def test_a_version_that_is_not_allowed_has_no_expansion(parts: Context) -> None:
    with pytest.raises(VersionRefused, match=r"'2\.0\.0' is not allowed .* to be '1\.0\.0'"):
        expand(parts, "both", check_system_version=[f"{PARTS}|1.0.0"])
    assert codes_of(expand(parts, "newest", check_system_version=[f"{PARTS}|1.0.0"])) == [
        "bolt",
        "cog",
    ]


@pytest.mark.parametrize(
    ("name", "sent", "expected"),
    [
        ("newest", {}, 3),
        ("newest", {"system_version": [f"{PARTS}|1.0.0"]}, 2),
        ("wild", {"system_version": [f"{PARTS}|2.0.0"]}, 2),
        ("wild", {"force_system_version": [f"{PARTS}|2.0.0"]}, 3),
        ("importing", {}, 3),
        ("importing", {"default_valueset_version": [f"{value_set_url('pinned')}|1"]}, 2),
        ("pinned", {"default_valueset_version": [f"{value_set_url('pinned')}|1"]}, 3),
        ("pinned", {"valueSetVersion": "1"}, 2),
    ],
)
def test_a_parameter_chooses_where_nothing_else_does(
    parts: Context, name: str, sent: dict[str, Any], expected: int
) -> None:
    assert expand(parts, name, **sent)["expansion"]["total"] == expected


@pytest.mark.parametrize(
    ("name", "sent", "echoed"),
    [
        ("newest", "system_version", True),
        ("wild", "system_version", False),
        ("newest", "check_system_version", True),
        ("wild", "check_system_version", False),
        ("newest", "force_system_version", True),
        ("wild", "force_system_version", True),
    ],
)
def test_a_parameter_is_named_where_it_decided(
    parts: Context, name: str, sent: str, echoed: bool
) -> None:
    found = expand(parts, name, **{sent: [f"{PARTS}|1.0.0"]})
    expected = [f"{PARTS}|1.0.0"] if echoed else []
    assert values_of(found, sent.replace("_", "-")) == expected
    assert values_of(found, "used-codesystem") == [f"{PARTS}|1.0.0"]


def test_versions_stand_side_by_side_and_each_code_tells_its_own(parts: Context) -> None:
    found = expand(parts, "both")
    assert sorted(pairs(found), key=str) == [
        ("bolt", "1.0.0"),
        ("bolt", "2.0.0"),
        ("cog", "1.0.0"),
        ("cog", "2.0.0"),
        ("nut", "2.0.0"),
    ]
    assert found["expansion"]["total"] == 5
    assert values_of(found, "versionsMatch") == []
    assert sorted(values_of(found, "used-codesystem")) == [f"{PARTS}|1.0.0", f"{PARTS}|2.0.0"]


def test_the_newer_named_version_goes_first_and_one_that_was_found_last(parts: Context) -> None:
    bolts = [version for code, version in pairs(expand(parts, "both")) if code == "bolt"]
    assert bolts == ["2.0.0", "1.0.0"]
    bolts = [version for code, version in pairs(expand(parts, "mixed")) if code == "bolt"]
    assert bolts == ["1.0.0", "2.0.0"]


def test_one_version_is_not_told_with_each_code(parts: Context) -> None:
    assert {version for _, version in pairs(expand(parts, "newest"))} == {None}


def test_codes_of_two_versions_taken_together(parts: Context) -> None:
    found = expand(parts, "merged")
    assert sorted(pairs(found)) == [("bolt", "2.0.0"), ("cog", "2.0.0"), ("nut", "2.0.0")]
    assert values_of(found, "versionsMatch") == [True]


def test_an_exclude_of_an_included_version_takes_from_that_one(parts: Context) -> None:
    found = expand(parts, "less-one")
    assert ("bolt", "1.0.0") not in pairs(found)
    assert ("bolt", "2.0.0") in pairs(found)
    assert values_of(found, "versionsMatch") == []


def test_an_exclude_of_another_version_takes_by_code(parts: Context) -> None:
    found = expand(parts, "less-other")
    assert sorted(codes_of(found)) == ["cog", "nut"]
    assert values_of(found, "versionsMatch") == [True]
    assert sorted(values_of(found, "used-codesystem")) == [f"{PARTS}|1.0.0", f"{PARTS}|2.0.0"]
    tested = validate(parts, "less-other", system=PARTS, code="bolt")
    assert value_of(tested, "result") is False


@pytest.mark.parametrize("name", ["both", "merged", "mixed", "named", "less-one", "less-other"])
def test_testing_agrees_with_the_expansion(parts: Context, name: str) -> None:
    held = set(codes_of(expand(parts, name)))
    for code in ("bolt", "cog", "nut", "gear"):
        found = validate(parts, name, system=PARTS, code=code)
        assert value_of(found, "result") is (code in held), code


@pytest.mark.parametrize(
    ("display", "result", "version"),
    [(None, True, "2.0.0"), ("Bolt", True, "1.0.0"), ("Screw bolt", True, "2.0.0")],
)
def test_a_display_of_any_version_that_holds_the_code_is_right(
    parts: Context, display: str | None, result: bool, version: str
) -> None:
    sent = {"display": display} if display else {}
    found = validate(parts, "both", system=PARTS, code="bolt", **sent)
    assert value_of(found, "result") is result
    assert value_of(found, "version") == version


def test_a_wrong_display_is_told_the_newest_version_s(parts: Context) -> None:
    found = validate(parts, "both", system=PARTS, code="bolt", display="Peg")
    assert value_of(found, "result") is False
    assert messages_of(found) == ["Display_Name_for__should_be_one_of__instead_of"]
    assert "Valid display is 'Screw bolt'" in value_of(found, "message")
    pinned = validate(
        parts, "both", coding={"system": PARTS, "code": "bolt", "version": "1.0.0", "display": "P"}
    )
    assert "Valid display is 'Bolt'" in value_of(pinned, "message")
