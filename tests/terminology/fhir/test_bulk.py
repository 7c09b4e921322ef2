"""What passes quickly is right, and what does not is told of as if all had been looked at."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.fhir.bulk import thinned
from terminology.fhir.json import Json, decode_any, encode
from terminology.fhir.strict import usual_forms
from terminology.fhir.structure import structure_issues
from terminology.fhir.versions import FhirVersion

VERSIONS = pytest.mark.parametrize("version", [FhirVersion.R4, FhirVersion.R5])
SYSTEM = {"resourceType": "CodeSystem", "status": "active", "content": "complete"}
SET = {"resourceType": "ValueSet", "status": "active"}
MAP = {"resourceType": "ConceptMap", "status": "active"}
INCLUDE = {"include": [{"system": "http://a.example", "concept": []}]}
HOLDERS: dict[str, Json] = {
    "concept": SYSTEM | {"concept": []},
    "include": SET | {"compose": {"include": [{"system": "http://a.example", "concept": []}]}},
    "contains": SET | {"expansion": {"timestamp": "2026-01-01", "contains": []}},
    "mapping": MAP | {"group": [{"source": "http://a.example", "element": []}]},
}

# Few of these values fit most of the elements, so that wrong ones come up as often as right ones.
_TEXTS = st.sampled_from(
    (
        *("a", "a b", "", " ", " a", "a ", "a  b", "a\n", "a\nb", "\u00a0", "equivalent"),
        *("2026", "2026-02-28", "2026-02-30", "2026-13", "0000", "2026-01-01T00:00:00Z"),
        *("http://a.example", "http://a.example/b c"),
    )
)
_SCALARS: st.SearchStrategy[Any] = st.one_of(
    _TEXTS,
    st.sampled_from([None, True, 1, 1 << 40, [], {}, ["a"]]),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
)
_CODING = st.dictionaries(
    st.sampled_from(["system", "code", "display", "version", "userSelected", "id"]), _SCALARS
)
_VALUES = [
    f"value{name}" for name in ("Code", "String", "Integer", "Boolean", "DateTime", "Decimal")
]
_DESIGNATION = st.dictionaries(st.sampled_from(["language", "value", "x"]), _SCALARS)
_PROPERTY = st.builds(
    lambda code, rest, coding: {"code": code} | rest | coding,
    _TEXTS,
    st.dictionaries(st.sampled_from(_VALUES), _SCALARS, max_size=2),
    st.one_of(st.just({}), st.builds(lambda value: {"valueCoding": value}, _CODING)),
)
_TARGET = st.dictionaries(
    st.sampled_from(["code", "display", "equivalence", "relationship", "comment"]), _SCALARS
)


def items() -> st.SearchStrategy[Any]:
    """What may stand in a long list: mostly what is nearly right."""
    plain = st.dictionaries(
        st.sampled_from(["code", "display", "definition", "system", "inactive", "id", "_display"]),
        _SCALARS,
    )
    lists = st.fixed_dictionaries(
        {},
        optional={
            "designation": st.lists(
                st.builds(lambda a, b: a | {"use": b}, _DESIGNATION, _CODING) | _DESIGNATION,
                max_size=2,
            ),
            "property": st.lists(_PROPERTY, max_size=2),
            "target": st.lists(_TARGET, max_size=2),
        },
    )
    return st.one_of(st.builds(lambda a, b: {"code": "c"} | a | b, plain, lists), _SCALARS)


def held(holder: str, inside: list[Any]) -> Json:
    """A resource with the list."""
    found: Json = decode_any(encode(HOLDERS[holder]))
    match holder:
        case "concept":
            found["concept"] = inside
        case "include":
            found["compose"]["include"][0]["concept"] = inside
        case "contains":
            found["expansion"]["contains"] = inside
        case _:
            found["group"][0]["element"] = inside
    return found


@pytest.mark.parametrize("holder", HOLDERS)
@VERSIONS
@given(st.data())
def test_what_has_the_usual_form_is_right(
    holder: str, version: FhirVersion, data: st.DataObject
) -> None:
    item = data.draw(items())
    resource = held(holder, [item])
    form = next(
        form
        for form in usual_forms(resource["resourceType"], version)
        if holder in (*form.path, "mapping")
    )
    raw = msgspec.Raw(encode(item))
    assert form.fits(raw) == form.fits(item)
    if form.fits(raw):
        assert structure_issues(resource, version) == []


@pytest.mark.parametrize("holder", HOLDERS)
@VERSIONS
@given(st.lists(items(), min_size=1, max_size=4))
def test_the_same_is_told_of_a_part_as_of_the_whole(
    holder: str, version: FhirVersion, inside: list[Any]
) -> None:
    right = {"code": "r"}
    resource = held(holder, [right, right, *inside, right])
    thin = thinned(resource, version)
    assert thin.issues(version) == structure_issues(resource, version)


def test_what_is_usual_is_left_out_and_the_rest_keeps_its_place() -> None:
    wrong = {"code": "c", "display": ""}
    several = [{"system": "http://a.example", "concept": [{"code": "a"}, {"code": "b"}, wrong]}]
    resource = SET | {"compose": {"include": [*INCLUDE["include"], *several]}}
    thin = thinned(resource, FhirVersion.R5)
    assert thin.resource["compose"]["include"][1]["concept"] == [{"code": "a"}, wrong]
    assert [issue.expression[0] for issue in thin.issues(FhirVersion.R5)] == [
        "ValueSet.compose.include[0].concept",
        "ValueSet.compose.include[1].concept[2].display",
    ]


@pytest.mark.parametrize(
    "item",
    [
        {"code": "a"},
        {"code": "a", "designation": [{"value": "b", "language": "de", "use": {"code": "c"}}]},
        {"code": "a", "property": [{"code": "p", "valueCoding": {"code": "x"}}]},
        {"code": "a", "property": [{"code": "p", "valueBoolean": False}]},
        {"code": "a", "concept": [{"code": "b", "definition": "words"}]},
    ],
)
def test_what_most_concepts_say_is_usual(item: Json) -> None:
    (form,) = usual_forms("CodeSystem", FhirVersion.R4)
    assert form.fits(item)
