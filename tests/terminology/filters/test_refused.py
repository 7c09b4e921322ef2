"""Filters that can't be read are refused in words, by both verbs alike."""

from collections.abc import Callable

import pytest

from terminology import filters
from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput, NotSupported, ProtermError
from terminology.filters import OPERATORS
from terminology.model import Filter
from tests.terminology.builders import code_system, concept, in_memory


def refused(provider: Provider, condition: Filter, error: type[ProtermError], words: str) -> None:
    (placed,) = provider.at([0])
    verbs: tuple[Callable[[], object], ...] = (
        lambda: filters.select(provider, condition),
        lambda: filters.contains(provider, condition, placed),
    )
    for verb in verbs:
        with pytest.raises(error, match=words) as caught:
            verb()
        assert caught.value.tx_issue_type == "vs-invalid"


@pytest.mark.parametrize("op", OPERATORS)
@pytest.mark.parametrize("value", [None, ""])
def test_a_filter_without_value(provider: Provider, op: str, value: str | None) -> None:
    words = f"animals filter with property = concept, op = {op} has no value"
    refused(provider, Filter(property="concept", op=op, value=value), InvalidInput, words)


@pytest.mark.parametrize("op", ["", "IS-A", "is_a", "==", "matches", "is-a "])
def test_an_operator_that_fhir_does_not_have(provider: Provider, op: str) -> None:
    condition = Filter(property="concept", op=op, value="duck")
    refused(provider, condition, NotSupported, "is not one of FHIR's: =, is-a,")


@pytest.mark.parametrize("value", ["TRUE", "yes", "1", " true", "true,false"])
def test_exists_of_anything_but_true_and_false(provider: Provider, value: str) -> None:
    for property_code in ("size", "code", "nothing"):
        condition = Filter(property=property_code, op="exists", value=value)
        refused(provider, condition, InvalidInput, "takes true or false")


@pytest.mark.parametrize(
    "expression", ["(", "[", "a{2,1}", "*", "(?P<n", r"(a)\1", "(?=a)", "(?<!a)b", "a{1001}", "\\"]
)
def test_a_regular_expression_that_re2_can_t_run(provider: Provider, expression: str) -> None:
    for property_code in ("code", "display", "size", "nothing"):
        condition = Filter(property=property_code, op="regex", value=expression)
        refused(provider, condition, InvalidInput, "regular expression .* can't be used: ")


def test_a_long_expression_is_not_repeated_whole() -> None:
    provider = in_memory(code_system("one", [concept("a")]))
    with pytest.raises(InvalidInput) as caught:
        filters.select(provider, Filter(property="code", op="regex", value="(" * 100_000))
    assert len(caught.value.message) < 500
