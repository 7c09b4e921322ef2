"""Folding: what search takes for the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        (" \t\n ", ""),
        ("Straße", "strasse"),
        ("Élodie  GARÇON", "elodie garcon"),
        ("ﬁstula", "fistula"),
        ("İ", "i"),
        ("ÇA\u00a0va", "ca va"),
    ],
)
def test_case_accents_and_runs_of_space_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_folding_goes_word_by_word(one: str, other: str) -> None:
    assert fold(f"{one} {other}") == f"{fold(one)} {fold(other)}".strip()


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_upper_and_lower_case_fold_alike(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())
