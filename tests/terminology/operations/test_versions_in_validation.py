"""Which version decides: that of the coding, of the include, or of a parameter."""

from collections.abc import Callable

import pytest

from terminology.errors import NotFound
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import code_system, concept, include, value_of, value_set
from tests.terminology.operations.asking import (
    forms,
    issue_of,
    messages_of,
    ours,
    system,
    validate,
    values_of,
)

PARTS = system("parts")
OLD, NEW, GONE = "1.0.0", "1.2.0", "2.4.0"
UNKNOWN = "UNKNOWN_CODESYSTEM_VERSION"
CHECK = "VALUESET_VERSION_CHECK"
MISMATCH = "VALUESET_VALUE_MISMATCH"
CHANGED = "VALUESET_VALUE_MISMATCH_CHANGED"
DEFAULT = "VALUESET_VALUE_MISMATCH_DEFAULT"
MODES: dict[str, Json] = {
    "none": {},
    "default": {"system_version": [f"{PARTS}|{OLD}"]},
    "check": {"check_system_version": [f"{PARTS}|{OLD}"]},
    "force": {"force_system_version": [f"{PARTS}|{OLD}"]},
}
# (version of the coding, version of the include, parameter): (result, version that answers, issues)
Row = tuple[bool, str, list[str]]
TABLE: dict[tuple[str | None, str | None, str], Row] = {
    (None, None, "none"): (True, NEW, []),
    (None, None, "default"): (True, OLD, []),
    (None, None, "check"): (True, OLD, []),
    (None, None, "force"): (True, OLD, []),
    (None, "1.x.x", "none"): (True, NEW, []),
    (None, "1.x.x", "default"): (True, NEW, []),
    (None, "1.x.x", "check"): (False, NEW, [CHECK]),
    (None, "1.x.x", "force"): (True, OLD, []),
    (None, "1", "none"): (False, NEW, [UNKNOWN]),
    (None, "1", "default"): (False, OLD, [UNKNOWN]),
    (None, "1", "check"): (False, OLD, [UNKNOWN]),
    (None, "1", "force"): (True, OLD, []),
    (None, OLD, "none"): (True, OLD, []),
    (None, OLD, "default"): (True, OLD, []),
    (None, OLD, "check"): (True, OLD, []),
    (None, OLD, "force"): (True, OLD, []),
    (OLD, "1.x.x", "none"): (True, OLD, []),
    (OLD, "1.x.x", "default"): (True, OLD, []),
    (OLD, "1.x.x", "check"): (True, OLD, []),
    (OLD, "1.x.x", "force"): (True, OLD, []),
    (OLD, "1", "none"): (False, OLD, [UNKNOWN, MISMATCH]),
    (OLD, "1", "default"): (False, OLD, [UNKNOWN, MISMATCH]),
    (OLD, "1", "check"): (False, OLD, [UNKNOWN, MISMATCH]),
    (OLD, "1", "force"): (True, OLD, []),
    (OLD, NEW, "none"): (False, NEW, [MISMATCH]),
    (OLD, NEW, "default"): (False, NEW, [MISMATCH]),
    (OLD, NEW, "check"): (False, NEW, [MISMATCH, CHECK]),
    (OLD, NEW, "force"): (True, OLD, []),
    (OLD, None, "none"): (True, NEW, [DEFAULT]),
    (GONE, OLD, "none"): (False, OLD, [UNKNOWN, MISMATCH]),
    (GONE, OLD, "default"): (False, OLD, [UNKNOWN, MISMATCH]),
    (GONE, OLD, "check"): (False, OLD, [UNKNOWN, MISMATCH]),
    (GONE, OLD, "force"): (False, OLD, [UNKNOWN, CHANGED]),
    (GONE, None, "none"): (False, NEW, [UNKNOWN, DEFAULT]),
    (GONE, None, "default"): (False, OLD, [UNKNOWN, CHANGED]),
    (GONE, None, "check"): (False, OLD, [UNKNOWN, CHANGED]),
    (GONE, None, "force"): (False, OLD, [UNKNOWN, CHANGED]),
}


def including(version: str | None) -> Json:
    return include(PARTS) if version is None else include(PARTS, version=version)


@pytest.fixture
def parts(load: Callable[..., Context]) -> Context:
    """A code system in two versions, and a value set for each way to include it."""
    systems = [
        ours(code_system("parts", [concept("bolt", f"Bolt {v}")], version=v)) | {"id": f"parts-{v}"}
        for v in (OLD, NEW)
    ]
    stated = {version for _, version, _ in TABLE}
    sets = [ours(value_set(str(v).lower(), including(v))) for v in sorted(stated, key=str)]
    more = ours(value_set("gone", including(GONE)))
    return load(*systems, *sets, more)


@pytest.mark.parametrize(("asked", "expected"), TABLE.items(), ids=str)
def test_the_table_of_versions(
    parts: Context, asked: tuple[str | None, str | None, str], expected: Row
) -> None:
    sent, stated, mode = asked
    result, version, messages = expected
    coding = {"system": PARTS, "code": "bolt"} | ({"version": sent} if sent else {})
    for form, way in forms(coding):
        found = validate(parts, str(stated).lower(), **way, **MODES[mode])
        assert value_of(found, "result") is result, form
        assert messages_of(found) == messages, form
        unknown = (stated if stated == "1" else GONE) if UNKNOWN in messages else None
        assert values_of(found, "x-caused-by-unknown-system") == (
            [f"{PARTS}|{unknown}"] if unknown else []
        ), form
        assert values_of(found, "x-unknown-system") == []
        if form != "codeableConcept" or result:
            assert value_of(found, "version") == version, form
            assert value_of(found, "display") == f"Bolt {version}", form


def test_each_issue_says_where_it_is(parts: Context) -> None:
    coding = {"system": PARTS, "code": "bolt", "version": GONE}
    paths = {
        "code": ("version", "system"),
        "coding": ("Coding.version", "Coding.system"),
        "codeableConcept": (
            "CodeableConcept.coding[0].version",
            "CodeableConcept.coding[0].system",
        ),
    }
    for form, way in forms(coding):
        found = validate(parts, OLD, **way)
        at_version, at_system = paths[form]
        assert issue_of(found, MISMATCH)["expression"] == [at_version]
        assert issue_of(found, UNKNOWN)["expression"] == [at_system]
        text = issue_of(found, UNKNOWN)["details"]["text"]
        assert text.endswith(f"Valid versions: {OLD} or {NEW}")


def test_the_sentences_name_both_versions(parts: Context) -> None:
    coding = {"system": PARTS, "code": "bolt", "version": OLD}
    found = validate(parts, NEW, coding=coding, **MODES["check"])
    assert issue_of(found, MISMATCH)["details"]["text"] == (
        f"The code system '{PARTS}' version '{NEW}' in the ValueSet include is different to the"
        f" one in the value ('{OLD}')"
    )
    assert issue_of(found, CHECK)["details"]["text"] == (
        f"The version '{NEW}' is not allowed for system '{PARTS}': required to be '{OLD}' by a"
        " version-check parameter"
    )


def test_a_version_that_is_not_loaded_and_not_another_code_of_it(parts: Context) -> None:
    found = validate(parts, OLD, coding={"system": PARTS, "code": "nut", "version": GONE})
    assert value_of(found, "result") is False
    assert UNKNOWN in messages_of(found)
    assert "None_of_the_provided_codes_are_in_the_value_set_one" in messages_of(found)


def test_a_value_set_of_a_version_that_is_not_loaded(parts: Context) -> None:
    sent = {"system": PARTS, "code": "bolt"}
    with pytest.raises(NotFound, match=r"none\|7' could not be found"):
        validate(parts, "none", valueSetVersion="7", **sent)
    with pytest.raises(NotFound, match=r"none\|7' could not be found"):
        validate(parts, "none|7", **sent)
    assert value_of(validate(parts, "none|1.0.0", **sent), "result") is True


def test_an_include_of_a_version_that_is_not_loaded(parts: Context) -> None:
    found = validate(parts, "gone", system=PARTS, code="bolt")
    assert value_of(found, "result") is False
    assert messages_of(found) == [UNKNOWN]
    assert values_of(found, "x-caused-by-unknown-system") == [f"{PARTS}|{GONE}"]
