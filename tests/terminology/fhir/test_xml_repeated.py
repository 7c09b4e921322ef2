"""Elements that stand more often than they may: refused, but for texts that people write."""

import pytest

from terminology.errors import MalformedInput
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml import loads
from terminology.fhir.xml_parse import parse
from terminology.fhir.xml_read import read

R5 = FhirVersion.R5


def _value_set(inside: str) -> bytes:
    return f'<ValueSet xmlns="http://hl7.org/fhir">{inside}</ValueSet>'.encode()


def test_texts_for_people_may_repeat_for_who_says_so() -> None:
    body = _value_set(
        '<publisher value="a"/><publisher value="b"/>'
        '<copyright value="one"/><copyright value="two"/><copyright value="two"/>'
    )
    with pytest.raises(MalformedInput, match="may stand once"):
        loads(body, R5)
    repeated: list[str] = []
    found = read(parse(body), R5, repeated)
    assert (found["publisher"], found["copyright"]) == ("a", "one\n\ntwo")
    assert set(repeated) == {"publisher", "copyright"}


@pytest.mark.parametrize(
    "twice",
    [
        '<status value="active"/>',
        '<version value="1"/>',
        '<compose><inactive value="true"/></compose>',
        '<status><extension url="u"><valueCode value="c"/></extension></status>',
    ],
)
def test_what_else_repeats_is_refused_all_the_same(twice: str) -> None:
    with pytest.raises(MalformedInput, match="may stand once"):
        read(parse(_value_set(twice * 2)), R5, [])


def test_an_element_stands_once_with_its_value_or_beside_it() -> None:
    beside = '<status><extension url="u"><valueCode value="c"/></extension></status>'
    for body in (f'{beside}<status value="a"/>', f'<status value="a"/>{beside}'):
        with pytest.raises(MalformedInput, match="may stand once"):
            loads(_value_set(body), R5)


def test_what_stands_beside_the_first_stays() -> None:
    beside = '<copyright><extension url="u"><valueCode value="c"/></extension></copyright>'
    found = read(parse(_value_set(f'{beside}<copyright value="b"/>')), R5, [])
    assert found["copyright"] == "b"
    assert found["_copyright"]["extension"][0]["url"] == "u"
