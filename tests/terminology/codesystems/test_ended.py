"""Codes that have an end: whether it is past decides by the day that is asked about."""

from collections.abc import Callable

import pytest

from terminology.codesystems import cpt
from terminology.codesystems.ended import LAST_DAY, RETIREMENT, is_over
from terminology.model import CodeSystem, Concept, Json, Property, PropertyDefinition
from terminology.operations.context import Context
from tests.terminology.builders import (
    BASE,
    code_system,
    codes_of,
    concept,
    include,
    issues_of,
    perform,
    prop,
    value_of,
    value_set,
)

URL = f"{BASE}/CodeSystem/wares"
DECLARED = [
    {"code": "end", "type": "dateTime", "uri": LAST_DAY, "description": "Last day of use"},
    {"code": "gone", "type": "dateTime", "uri": RETIREMENT},
]


def ended(code: str, **end: str) -> Json:
    stated = [prop(name, valueDateTime=day) for name, day in end.items()]
    more = [prop("inactive", valueBoolean=True), prop("instruction", valueString="Use b.")]
    return concept(code, f"Ware {code}", property=[*more, *stated])


@pytest.fixture
def context(load: Callable[..., Context]) -> Context:
    concepts = [ended("a", end="2025-12-31"), concept("b", "Ware b"), ended("c")]
    return load(
        code_system("wares", concepts, property=DECLARED),
        value_set("active", include(URL), inactive=False),
    )


@pytest.mark.parametrize(
    ("uri", "stated", "day", "over"),
    [
        (LAST_DAY, "2025-12-31", "2025-12-30", False),
        (LAST_DAY, "2025-12-31", "2025-12-31", False),
        (LAST_DAY, "2025-12-31", "2026-01-01", True),
        (RETIREMENT, "2026-01-01", "2025-12-31", False),
        (RETIREMENT, "2026-01-01", "2026-01-01", True),
        (RETIREMENT, "2020", "2020-06-01", False),
        (RETIREMENT, "2020", "2021-01-01", True),
        (LAST_DAY, "2020-05", "2020-05-10", False),
        (LAST_DAY, "2020-05", "2020-06-01", True),
        ("urn:other", "2020", "2021-01-01", None),
    ],
)
def test_an_end_is_past_or_not(uri: str, stated: str, day: str, over: bool | None) -> None:
    head = CodeSystem(property=[PropertyDefinition(code="end", uri=uri, type="dateTime")])
    one = Concept(code="a", property=[Property(code="end", value_date_time=stated)])
    assert is_over(head, one, day) is over


@pytest.mark.parametrize(("day", "is_past"), [("2025-06-30", False), ("2026-06-30", True)])
def test_the_day_decides_whether_a_code_is_inactive(
    context: Context, day: str, is_past: bool
) -> None:
    answer = perform(context, "CodeSystem/validate-code", url=URL, code="a", date=day)
    assert value_of(answer, "result") is True
    assert (value_of(answer, "inactive") is True) is is_past
    warned = [text for severity, _, text in issues_of(answer) if severity == "warning"]
    assert bool(warned) is is_past
    ((_, _, said),) = [i for i in issues_of(answer) if i[0] == "information"]
    assert "'a' (Ware a) has an end: last day of use: 2025-12-31. Use b. The day" in said
    assert f"{day}, is {'after' if is_past else 'before'} its end" in said
    found = perform(context, "CodeSystem/lookup", system=URL, code="a", date=day)
    (inactive,) = [
        value_of(entry, "value")
        for entry in found["parameter"]
        if entry["name"] == "property" and value_of(entry, "code") == "inactive"
    ]
    assert inactive is is_past


@pytest.mark.parametrize(("day", "codes"), [("2025-06-30", ["a", "b"]), ("2026-06-30", ["b"])])
def test_value_sets_of_active_codes_are_those_of_the_day(
    context: Context, day: str, codes: list[str]
) -> None:
    url = f"{BASE}/ValueSet/active"
    assert codes_of(perform(context, "ValueSet/expand", url=url, date=day)) == codes
    whole = value_set("whole", include(URL))
    expanded = perform(context, "ValueSet/expand", valueSet=whole, activeOnly=True, date=day)
    assert codes_of(expanded) == codes
    answer = perform(context, "ValueSet/validate-code", url=url, system=URL, code="a", date=day)
    assert value_of(answer, "result") is ("a" in codes)


def test_one_that_states_no_end_is_inactive_on_every_day(context: Context) -> None:
    answer = perform(context, "CodeSystem/validate-code", url=URL, code="c", date="1999-01-01")
    assert value_of(answer, "inactive") is True
    assert [i for i in issues_of(answer) if "end" in i[2]] == []


def test_rules_are_told_of_the_day(load: Callable[..., Context]) -> None:
    kinds = [prop("modifier", valueBoolean=False), prop("kind", valueCode="code")]
    gone = ended("11111", gone="2025-01-01")
    gone["property"] += kinds
    systems = load(code_system("cpt", [gone], url=cpt.URL, property=DECLARED)).code_systems
    for day, inactive in (("2024-12-31", False), ("2025-01-01", True)):
        known = systems.on(day).facts.code("11111")
        assert known is not None
        assert known.is_inactive is inactive


@pytest.fixture
def claims(load: Callable[..., Context]) -> Context:
    """CPT in two versions, of which neither has a day, with a code and a modifier that ended."""

    def version(name: str, display: str) -> Json:
        kinds = [prop("modifier", valueBoolean=False), prop("kind", valueCode="code")]
        gone = ended("11111", gone="2025-01-01")
        gone["property"] += kinds
        mark = ended("59", gone="2025-01-01")
        mark["property"] += [prop("modifier", valueBoolean=True), prop("kind", valueCode="general")]
        kept = concept("22222", display, property=kinds)
        return code_system(
            f"cpt-{name}", [gone, mark, kept], url=cpt.URL, version=name, property=DECLARED
        )

    return load(version("2025", "As it was"), version("2026", "As it is"))


def told(context: Context, day: str, code: str, **coding: str) -> list[tuple[str, str]]:
    sent = {"system": cpt.URL, "code": code, **coding}
    modifier = [{"coding": [{"system": cpt.URL, "code": "59"}]}] if code == "11111" else []
    item = {"sequence": 1, "servicedDate": day, "productOrService": {"coding": [sent]}}
    claim = {"resourceType": "Claim", "item": [item | {"modifier": modifier}]}
    outcome = perform(context, "Claim/validate", resource=claim)
    return [(issue["severity"], issue["details"]["text"]) for issue in outcome["issue"]]


@pytest.mark.parametrize(("day", "is_past"), [("2024-12-31", False), ("2025-01-01", True)])
def test_a_claim_is_told_of_an_ended_code_and_an_ended_modifier(
    claims: Context, day: str, is_past: bool
) -> None:
    issues = told(claims, day, "11111")
    for code in ("11111", "59"):
        said = ("warning", f"The concept '{code}' has a status of inactive and its use should be")
        assert any(s == said[0] and t.startswith(said[1]) for s, t in issues) is is_past
    assert any("gone: 2025-01-01. Use b. The day" in text for _, text in issues) is is_past


def test_a_claim_is_judged_in_the_version_of_the_day_and_told_so(claims: Context) -> None:
    issues = told(claims, "2026-06-01", "22222", version="2025", display="As it was")
    (version,) = [text for _, text in issues if "2025 was sent" in text]
    assert "CPT 2025 was sent; on 2026-06-01 2026 is in force, and its codes decide" in version
    assert [text for _, text in issues if "Wrong Display" in text] == []
    assert [t for _, t in told(claims, "2026-06-01", "22222", version="2026") if "sent" in t] == []
