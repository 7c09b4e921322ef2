"""The SearchParameters: those of other guides, as they are served."""

from conformance.search_parameters import search_parameter, search_parameters
from terminology.store.search.params import SEARCH_PARAMETERS, SearchParameter

FHIR = "http://hl7.org/fhir/SearchParameter/"


def test_what_fhir_defines_is_not_defined_again() -> None:
    codes = {each["code"] for each in search_parameters()}
    assert codes == {each.name for each in SEARCH_PARAMETERS if not each.url.startswith(FHIR)}
    assert codes == {"coverage-benefit-type"}


def test_a_parameter_of_another_guide_is_derived_from_it() -> None:
    (found,) = search_parameters()
    assert found["derivedFrom"] == (
        "http://hl7.org/fhir/us/ndh/SearchParameter/insuranceplan-coverage-benefit-type"
    )
    assert found["url"] == f"https://proterm.example/fhir/SearchParameter/{found['id']}"
    assert found["expression"] == "InsurancePlan.coverage.benefit.type"


def test_a_parameter_of_our_own_is_derived_from_nothing() -> None:
    url = "https://proterm.example/fhir/SearchParameter/CodeSystem-shade"
    own = SearchParameter("shade", "date", ("CodeSystem",), "CodeSystem.date", url, "A shade")
    assert "derivedFrom" not in search_parameter(own)


def test_what_a_parameter_can_do_is_what_the_table_says() -> None:
    url = "https://proterm.example/fhir/SearchParameter/X-when"
    made = search_parameter(
        SearchParameter(
            "when", "date", ("Provenance",), "x", url, "When", ("missing",), ("eq",), ("Device",)
        )
    )
    assert (made["modifier"], made["comparator"], made["target"]) == (
        ["missing"],
        ["eq"],
        ["Device"],
    )
    plain = search_parameter(SearchParameter("n", "uri", ("ValueSet",), "x", url, "N"))
    assert not {"modifier", "comparator", "target"} & set(plain)
