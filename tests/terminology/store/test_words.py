"""The index of words: what a word is, and that lists and bitmaps say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.codesystems.provider import Provider
from terminology.model import Concept, Designation, Json
from terminology.store.words import (
    ANY,
    DEFINITION,
    DESIGNATION,
    DISPLAY,
    added_words,
    ascending,
    bitmap_of,
    ordinals_of,
    word_rows,
    words_of,
)
from terminology.tree import PlacedConcept
from tests.terminology.builders import in_memory, stored


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \t\x00.,;-_", []),
        ("Blocks a VESSEL, wholly", ["blocks", "a", "vessel", "wholly"]),
        ("X-ray w/o dye", ["x", "ray", "w", "o", "dye"]),
        ("Ménière's", ["meniere", "s"]),
        ("37244:59", ["37244", "59"]),
        ("\ud800lone", ["lone"]),
    ],
)
def test_words_are_runs_of_letters_and_digits(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_each_place_has_rows_of_its_own() -> None:
    concept = Concept(
        code="7",
        display="Plug, plug",
        definition="A plug in a duct",
        designation=[Designation(value="Plug"), Designation(value="Stopper")],
    )
    rows = word_rows([PlacedConcept(0, concept, None)])
    assert [(word, field) for word, field, *_ in rows if not word.endswith(ANY)] == [
        ("a", DEFINITION),
        ("duct", DEFINITION),
        ("in", DEFINITION),
        ("plug", DISPLAY),
        ("plug", DESIGNATION),
        ("plug", DEFINITION),
        ("stopper", DESIGNATION),
    ]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, animals: Json) -> list[Provider]:
    """The animals from a store and from a resource."""
    kept = stored(tmp_path_factory.mktemp("words"), animals)
    return [kept, in_memory(animals)]


@given(st.text(alphabet="abcdr ", max_size=4))
def test_words_are_those_that_begin_so(both: list[Provider], prefix: str) -> None:
    every: dict[tuple[str, int], set[int]] = {}
    for ordinal, concept, _ in both[0].at(range(both[0].size)):
        designations = [d.value for d in concept.designation]
        texts = (concept.display or "", " ".join(designations), concept.definition or "")
        for field, text in enumerate(texts):
            for word in words_of(text):
                every.setdefault((word, field), set()).add(ordinal)
    for provider in both:
        rows = provider.words(prefix)
        for field in (DISPLAY, DESIGNATION, DEFINITION):
            wanted = [o for (word, f), o in every.items() if f == field and word.startswith(prefix)]
            here = [row for row in rows if row[1] == field]
            assert ordinals_of(here, 99) == bitmap_of(set().union(*wanted), 99)
            whole = [row for row in here if row[0] == prefix]
            assert ordinals_of(whole, 99) == bitmap_of(every.get((prefix, field), set()), 99)


@given(st.lists(st.sets(st.integers(0, 400), min_size=1), max_size=5))
def test_lists_and_bitmaps_together_hold_every_ordinal(sets: list[set[int]]) -> None:
    rows = [
        row
        for number, ordinals in enumerate(sets)
        for row in added_words([(ordinal, f"w{number}") for ordinal in ordinals])
    ]
    assert len(rows) == len(sets)
    assert ordinals_of(rows, 401) == bitmap_of(set().union(*sets), 401)


def test_what_many_have_is_kept_shorter_than_a_list() -> None:
    ((_, _, is_bitmap, many),) = added_words([(ordinal, "w") for ordinal in range(800)])
    ((_, _, is_other, few),) = added_words([(0, "w"), (799, "w")])
    assert (is_bitmap, len(many)) == (True, 100)
    assert (is_other, few) == (False, b"\x00\x00\x00\x00\x1f\x03\x00\x00")


@given(st.sets(st.integers(0, 400)))
def test_a_bitmap_is_read_in_the_order_of_its_ordinals(ordinals: set[int]) -> None:
    assert list(ascending(bitmap_of(ordinals, 401))) == sorted(ordinals)


@pytest.mark.parametrize(
    ("display", "named", "denied"),
    [
        ("A vein, not for bleeding", {"a", "vein", "not", "for"}, {"bleeding"}),
        (
            "Closure other than by a coil (open)",
            {"closure", "other", "than", "open"},
            {"by", "coil"},
        ),
        ("CT without contrast", {"ct", "without", "contrast"}, set()),
        ("Not For Tumors; of a limb", {"not", "for", "of", "a", "limb"}, {"tumors"}),
    ],
)
def test_what_a_name_denies_stands_with_the_definition(
    display: str, named: set[str], denied: set[str]
) -> None:
    for said in (
        Concept(code="7", display=display),
        Concept(code="7", designation=[Designation(value=display)]),
    ):
        rows = word_rows([PlacedConcept(0, said, None)])
        whole = [(word, field) for word, field, *_ in rows if not word.endswith(ANY)]
        names = {word for word, field in whole if field != DEFINITION}
        assert named <= names
        assert not denied & names
        assert denied <= {word for word, field in whole if field == DEFINITION}
