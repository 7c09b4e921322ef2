"""Canonicals in two parts, and the order of versions."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.canonical import latest, split, version_key

NUMBER = st.integers(0, 10**6)


def test_there_is_no_latest_of_no_versions() -> None:
    with pytest.raises(ValueError, match=r"empty|iterable"):
        latest([])


@pytest.mark.parametrize(
    ("canonical", "parts"),
    [
        ("", ("", None)),
        ("|", ("", None)),
        ("urn:a", ("urn:a", None)),
        ("urn:a|", ("urn:a", None)),
        ("urn:a|1", ("urn:a", "1")),
        ("urn:a|1|2", ("urn:a", "1|2")),
        ("urn:a#part|1", ("urn:a#part", "1")),
        ("|1", ("", "1")),
    ],
)
def test_split(canonical: str, parts: tuple[str, str | None]) -> None:
    assert split(canonical) == parts


@given(st.text(st.characters(exclude_characters="|")), st.text(min_size=1))
def test_split_undoes_joining(url: str, version: str) -> None:
    assert split(f"{url}|{version}") == (url, version)


@pytest.mark.parametrize(
    "rising",
    [
        [None, "", "1"],
        ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0"],
        ["1.0.0-9", "1.0.0-10", "1.0.0"],
        ["0.9", "1", "1.0.1", "1.2", "1.10", "2-draft", "2"],
        ["2024", "2024-07", "2024-07-01", "2024-10", "2025"],
        ["2024-07-01", "2024-07-01T08:00:00Z", "2024-07-02", "2025"],
        ["20240901", "20250301"],
        ["2024A", "2024B", "2025A"],
        ["9" * 5000, "1" + "0" * 5000],
    ],
)
def test_versions_rise(rising: list[str | None]) -> None:
    for older, newer in pairwise(rising):
        assert version_key(older) < version_key(newer)
        assert latest([older, newer]) == latest([newer, older]) == newer


@given(st.lists(st.tuples(NUMBER, NUMBER, NUMBER), min_size=1))
def test_semantic_versions_sort_as_their_numbers(versions: list[tuple[int, int, int]]) -> None:
    texts = {"{}.{}.{}".format(*version): version for version in versions}
    assert texts[latest(texts) or ""] == max(versions)


@given(st.lists(st.dates(), min_size=1))
def test_dates_sort_as_days(days: list[date]) -> None:
    assert latest([day.isoformat() for day in days]) == max(days).isoformat()


@given(st.lists(NUMBER, min_size=1))
def test_plain_numbers_sort_by_value(numbers: list[int]) -> None:
    assert latest([str(number) for number in numbers]) == str(max(numbers))


@given(st.text(), st.text(), st.text())
def test_any_text_has_its_place(one: str, two: str, three: str) -> None:
    a, b, c = sorted([one, two, three], key=version_key)
    assert version_key(a) <= version_key(b) <= version_key(c)
    assert version_key(None) < version_key(a)
