"""What holds of FHIR XML for any input."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import MalformedInput
from terminology.fhir.json import Json, decode, encode
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml import dumps, loads

R4, R4B, R5 = FhirVersion.R4, FhirVersion.R4B, FhirVersion.R5
VERSIONS = [R4, R4B, R5]


def _value_set(inside: str) -> bytes:
    return f'<ValueSet xmlns="http://hl7.org/fhir">{inside}</ValueSet>'.encode()


@given(st.binary(max_size=100) | st.text('<>/="&;?!-[]avx:D \n', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(MalformedInput):
        loads(body, R5)
    with suppress(MalformedInput):
        loads(_value_set(body.decode(errors="replace")), R5)


_NAMES = """status _status compose include system text div contained resourceType extension url
    valueDecimal id total expansion""".split()
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_NAMES),
            inner,
            max_size=4,
        )
    ),
)


@given(
    st.dictionaries(st.sampled_from(["status", "_status", "compose", "text", "contained"]), _JSON)
)
def test_any_json_can_be_written(value: Json) -> None:
    body = encode({**value, "resourceType": "ValueSet"})
    assert dumps(decode(body), R5).startswith(b"<?xml")


_STRINGS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=5).filter(
    lambda text: "\ufffe" not in text and "\uffff" not in text
)
_CODINGS = st.fixed_dictionaries(
    {"code": _STRINGS}, optional={"system": _STRINGS, "id": _STRINGS, "userSelected": st.booleans()}
)
_DECIMALS = st.decimals(-1000, 1000, places=3) | st.integers(-(10**15), 10**15)


@given(
    st.lists(
        st.fixed_dictionaries({"name": _STRINGS, "valueString": _STRINGS})
        | st.fixed_dictionaries({"name": _STRINGS, "valueCoding": _CODINGS})
        | st.fixed_dictionaries({"name": _STRINGS, "valueDecimal": _DECIMALS}),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_written_is_read_the_same(entries: list[Json]) -> None:
    parameters = {"resourceType": "Parameters", "parameter": entries}
    assert loads(dumps(parameters, R5), R5) == parameters
