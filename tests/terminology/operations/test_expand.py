"""`$expand`: what is refused before it costs, and every value set that ships."""

from collections.abc import Sequence
from typing import Any

import pytest

from terminology.codesystems.stored import StoredProvider
from terminology.errors import InvalidInput, MissingInput, NotFound, ProtermError, TooCostly
from terminology.model import Json
from terminology.operations.context import Context, Limits
from terminology.tree import PlacedConcept
from terminology.valuesets.scope import CircularReference
from tests.terminology.builders import BASE, codes_of, context_of, perform, value_of

CPT = "http://www.ama-assn.org/go/cpt"
MODIFIERS = "https://proterm.example/fhir/ValueSet/modifiers-37244"
ALL = "http://hl7.org/fhir/ValueSet/cpt-all"
VS = f"{BASE}/ValueSet/"
# How many codes each value set that ships has; HL7's have the same under both of their URLs.
SHIPPED = {
    "https://proterm.example/fhir/ValueSet/clinical-indications-37244": 6,
    "https://proterm.example/fhir/ValueSet/documentation-elements": 7,
    "https://proterm.example/fhir/ValueSet/embolic-agents": 4,
    "https://proterm.example/fhir/ValueSet/occlusion-degrees": 2,
    "https://proterm.example/fhir/ValueSet/sites-of-service-37244": 5,
    MODIFIERS: 58,
} | {
    f"http://{base}/ValueSet/cpt-{name}": count
    for base in ("hl7.org/fhir", "terminology.hl7.org")
    for name, count in (("all", 54), ("base", 4), ("modifiers", 50), ("usable", 4))
}


def expand(context: Context, url: str = ALL, **sent: Any) -> Json:
    return perform(context, "ValueSet/expand", url=url, **sent)


def parameters(found: Json) -> dict[str, Any]:
    entries = found["expansion"].get("parameter", [])
    return {e["name"]: next(v for k, v in e.items() if k != "name") for e in entries}


@pytest.mark.parametrize(
    ("sent", "error", "words"),
    [
        ({"url": "urn:gone"}, NotFound, "value Set 'urn:gone' could not be found"),
        ({"url": f"{MODIFIERS}|7"}, NotFound, r"37244\|7"),
        ({"valueSetVersion": "7"}, NotFound, r"cpt-all\|7"),
        ({"count": "10001"}, TooCostly, "count=10000"),
        ({"useSupplement": ["urn:s"]}, NotFound, "Required supplement not found: urn:s"),
        ({"useSupplement": ["urn:s"], "count": "0"}, NotFound, "urn:s"),
        ({"displayLanguage": "-"}, InvalidInput, "Invalid displayLanguage"),
        ({"displayLanguage": "-", "count": "0"}, InvalidInput, "Invalid displayLanguage"),
        ({"count": "-1"}, InvalidInput, "0 or more"),
        ({"offset": "x"}, InvalidInput, "whole number"),
        ({"filter": ""}, InvalidInput, "is empty"),
    ],
)
def test_what_is_refused(
    context: Context, sent: Json, error: type[ProtermError], words: str
) -> None:
    with pytest.raises(error, match=words):
        expand(context, **sent)


def test_a_value_set_has_to_be_named(context: Context) -> None:
    with pytest.raises(MissingInput, match="Name the value set: send url"):
        perform(context, "ValueSet/expand")


@pytest.mark.parametrize(
    ("name", "error"),
    [("circle", CircularReference), ("lost", NotFound), ("both", NotFound), ("other", NotFound)],
)
@pytest.mark.parametrize("count", ["0", "1"])
def test_a_broken_value_set_is_refused_on_any_page(
    zoo: Context, name: str, error: type[ProtermError], count: str
) -> None:
    with pytest.raises(error):
        expand(zoo, VS + name, count=count)


@pytest.mark.parametrize(
    "sent", [{}, {"offset": "3"}, {"count": "21"}, {"activeOnly": True}, {"excludeNested": True}]
)
def test_what_costs_too_much_is_refused_before_a_concept_is_read(
    context: Context, monkeypatch: pytest.MonkeyPatch, sent: Json
) -> None:
    def read(_: object, ordinals: Sequence[int]) -> list[PlacedConcept]:
        assert not ordinals, "a concept was read"
        return []

    monkeypatch.setattr(StoredProvider, "at", read)
    limits = Limits(expansion=50, page=20)
    small = context_of(context.code_systems.store, limits=limits)
    with pytest.raises(TooCostly, match=r"too many codes|more than this service gives"):
        expand(small, **sent)
    assert expand(small, count="0")["expansion"]["total"] == 54


@pytest.mark.parametrize(("url", "total"), SHIPPED.items())
def test_every_value_set_that_ships(context: Context, url: str, total: int) -> None:
    found = expand(context, url)
    assert found["resourceType"] == "ValueSet"
    assert found["url"] == url
    assert "compose" not in found
    assert found["expansion"]["total"] == total
    codes = codes_of(found)
    assert len(codes) == len(set(codes)) == total
    for entry in found["expansion"]["contains"]:
        sent = {"system": entry["system"], "code": entry["code"], "display": entry["display"]}
        valid = perform(context, "ValueSet/validate-code", url=url, **sent)
        assert value_of(valid, "result") is True
        assert value_of(valid, "issues") is None


CORE = {
    # It has no end, and its codes warn of tables that are out of date.
    "https://proterm.example/fhir/ValueSet/reportable-medicare",
    "http://hl7.org/fhir/ValueSet/administrative-gender",
    "http://hl7.org/fhir/ValueSet/publication-status",
}


def test_no_value_set_that_ships_is_left_out(context: Context) -> None:
    assert set(SHIPPED) | CORE == {
        head.url for head in context.code_systems.store.heads("ValueSet")
    }


def test_cpt_s_answers_carry_the_owner_s_line_and_say_that_more_exists(context: Context) -> None:
    found = expand(context)
    assert "2026 American Medical Association" in found["copyright"]
    assert parameters(found)["used-codesystem"] == f"{CPT}|2026"
    assert parameters(found)["used-fragment"] == f"{CPT}|2026"
    unclosed = {e["url"].rpartition("/")[2] for e in found["expansion"]["extension"]}
    assert unclosed == {"valueset-unclosed", "valueset-unclosed-reason"}


def test_a_complete_code_system_is_not_called_a_fragment(context: Context) -> None:
    found = expand(context, "https://proterm.example/fhir/ValueSet/embolic-agents")
    assert "extension" not in found["expansion"]
    assert "used-fragment" not in parameters(found)


@pytest.mark.parametrize("count", [1, 7, 54, 100])
def test_pages_joined_are_the_whole(context: Context, count: int) -> None:
    whole = codes_of(expand(context))
    found: list[str] = []
    for offset in range(0, 54 + count, count):
        page = expand(context, offset=str(offset), count=str(count))["expansion"]
        assert page["total"] == 54
        assert page["offset"] == offset
        found += [entry["code"] for entry in page.get("contains", [])]
    assert found == whole


def test_a_count_of_none_is_the_total_alone(context: Context) -> None:
    found = expand(context, count="0")["expansion"]
    assert found["total"] == 54
    assert "contains" not in found
    assert "offset" not in found


def test_an_expansion_has_a_new_name_each_time(context: Context) -> None:
    one, other = expand(context)["expansion"], expand(context)["expansion"]
    assert one["identifier"].startswith("urn:uuid:")
    assert one["identifier"] != other["identifier"]
    assert one["timestamp"].endswith("+00:00")


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("37244", ["37244"]),
        ("3724", ["37241", "37242", "37243", "37244"]),
        ("CLOSURE Vein", ["37241"]),
        ("  vein \t closure ", ["37241"]),
        ("nothing of the kind", []),
        ("%", []),
        ("_", []),
    ],
)
def test_a_filter_is_words_that_all_have_to_be_there(
    context: Context, words: str, codes: list[str]
) -> None:
    found = expand(context, "http://hl7.org/fhir/ValueSet/cpt-base", filter=words)
    assert codes_of(found) == codes
    assert found["expansion"]["total"] == len(codes)
    assert parameters(found)["filter"] == words


def test_what_was_sent_is_echoed_and_nothing_else(context: Context) -> None:
    sent: Json = {"count": 5, "offset": 0, "activeOnly": True, "date": "2026-11-23"}
    more: Json = {"includeDesignations": False, "excludeNested": True, "displayLanguage": "en"}
    found = parameters(expand(context, **sent, **more, property=["kind"]))
    used = {"used-codesystem": f"{CPT}|2026", "used-fragment": f"{CPT}|2026"}
    assert found == sent | more | used
    # The language of the value set is taken where no other is asked for, and said.
    assert parameters(expand(context)) == used | {"displayLanguage": "en"}
