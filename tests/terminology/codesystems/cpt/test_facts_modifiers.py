"""Whose each modifier is, and where it stands on a line: facts, each by its own name."""

from itertools import permutations

import pytest

from terminology import content
from terminology.codesystems.cpt import URL
from terminology.codesystems.cpt.expression import class_of, in_order

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"


def codes_of(system: str) -> set[str]:
    (found,) = [r for r in content.resources() if r.get("url") == system and "concept" in r]
    return {concept["code"] for concept in found["concept"]}


@pytest.mark.parametrize(
    "modifier",
    "22 24 25 26 27 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92"
    " 93 95 99 P1 P2 P3 P4 P5 P6 1P 2P 3P 8P".split(),
)
def test_a_modifier_of_cpt_s(modifier: str) -> None:
    assert modifier in codes_of(URL)
    assert modifier not in codes_of(HCPCS)


@pytest.mark.parametrize(
    "modifier",
    "AS TC GA GC GE GX GY GZ KX Q0 Q1 Q5 Q6 CR PD GV GW AQ PO PN SG".split(),
)
def test_a_modifier_of_level_ii_s(modifier: str) -> None:
    assert modifier in codes_of(HCPCS)
    assert modifier not in codes_of(URL)


@pytest.mark.parametrize("modifier", ["LT", "RT", "XE", "XP", "XS", "XU"])
def test_a_modifier_of_level_ii_that_cpt_prints_too(modifier: str) -> None:
    assert modifier in codes_of(URL)


@pytest.mark.parametrize(
    "modifier",
    "22 26 50 51 52 53 54 55 56 58 62 63 66 73 74 78 79 80 81 82 AS TC".split(),
)
def test_a_modifier_that_changes_the_price(modifier: str) -> None:
    assert class_of(modifier) == "pricing"


@pytest.mark.parametrize("modifier", ["59", "XE", "XP", "XS", "XU"])
def test_a_modifier_that_decides_whether_there_is_a_payment(modifier: str) -> None:
    assert class_of(modifier) == "payment-eligibility"


@pytest.mark.parametrize(
    "modifier", "76 77 LT RT GC GA GX GY GZ KX Q5 Q6 Q0 Q1 CR PD GV GW AQ PO PN SG".split()
)
def test_a_modifier_that_informs(modifier: str) -> None:
    assert class_of(modifier) == "informational"


@pytest.mark.parametrize("first", ["26", "TC", "53", "78", "79"])
def test_a_price_goes_first(first: str) -> None:
    for order in permutations((first, "59", "LT")):
        assert in_order(order) == (first, "59", "LT")


def test_the_side_goes_last() -> None:
    for order in permutations(("RT", "XS", "52")):
        assert in_order(order) == ("52", "XS", "RT")


def test_within_a_class_the_order_is_that_of_codes() -> None:
    assert in_order(("RT", "KX", "GC", "LT")) == ("GC", "KX", "LT", "RT")
    assert in_order(("XU", "59", "XE")) == ("59", "XE", "XU")
