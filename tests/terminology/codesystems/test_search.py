"""Search as a coder types: what each way of typing finds, in which order, and what always holds."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology import content
from terminology.codesystems import cpt
from terminology.codesystems.abbreviations import Phrases, phrases, synonyms
from terminology.codesystems.hits import KINDS, TEXT
from terminology.codesystems.provider import Provider
from terminology.codesystems.search import search
from terminology.codesystems.supplement import SupplementedProvider
from terminology.model import CodeSystem
from terminology.operations.context import Context
from terminology.store.words import words_of
from tests.terminology.builders import code_system, concept, in_memory, stored

LETTERS = st.text(alphabet="aebdlnortv37245:-x ", max_size=12)
WORDS = st.lists(
    st.sampled_from(
        "37244 3724 37 59 5 lt rt xs bleed embol vein clos a proc ir tae gi bilat sep tumor".split()
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def shipped(context: Context) -> Provider:
    """The CPT that ships."""
    provider = context.code_systems.find(cpt.URL)
    assert provider is not None
    return provider


def found(provider: Provider, text: str) -> list[str]:
    return [placed.concept.code for placed in provider.at([*provider.search(text)])]


def kinds(provider: Provider, text: str) -> list[tuple[str, str]]:
    return [
        (hit.kind, placed.concept.code)
        for hit in search(provider, text).hits()
        for placed in provider.at([hit.ordinal])
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("3724", ["37241", "37242", "37243", "37244"]),
        ("37244", ["37244"]),
        ("59", ["59"]),
        ("xs", ["XS"]),
        ("X", ["XE", "XP", "XS", "XU"]),
        ("37244:59", ["37244", "59"]),
        ("37244-59", ["37244", "59"]),
        ("37244–59", ["37244", "59"]),  # noqa: RUF001 - a dash as a word processor sets it
        ("37244 59", ["37244", "59"]),
        ("37244, 59", ["37244", "59"]),
        ("37244:rt:59", ["37244", "RT", "59"]),
        ("37244:x", ["37244", "XE", "XP", "XS", "XU"]),
        ("37244:", ["37244"]),
        ("37244:ZZ", ["37244"]),
        ("99213:25", ["25"]),
        ("37244 37243", ["37243", "37244"]),
        ("37244/37243", ["37243", "37244"]),
        ("37241-37243", ["37241", "37242", "37243"]),
        ("37242..37244", ["37242", "37243", "37244"]),
        ("37244 - 37241", []),
        ("3724459", ["37244", "59"]),
        ("37244ltxs", ["37244", "LT", "XS"]),
        ("37244l", ["37244", "LT"]),
        ("99213lt", []),
        ("modifier 59", ["59"]),
        ("37244 mod XS", ["37244", "XS"]),
        ("CPT 37244", ["37244"]),
        ("K92.2", []),
        ("37244:372", ["37244"]),
        ("video", ["95"]),
        ("bleed embol", ["37244", "37241", "37242"]),
        ("GI bleed", ["37244"]),
        ("TAE", ["37242", "37244"]),
        ("IR tumor", ["37243", "37242"]),
        ("GI", ["37244", "8P", "24", "93", "95"]),
        ("upper GI bleed", ["37244"]),
        ("UGIB", ["37244"]),
        ("TACE", ["37243", "37242"]),
        ("bilat", ["50"]),
        ("bila", ["50"]),
        ("bilateral", ["50"]),
        ("bil", []),
        ("haemorrhage", ["37244", "37241", "37242"]),
        ("hemorrhage", ["37244", "37241", "37242"]),
        ("bleeding", ["37244", "37241", "37242"]),
        ("tumor", ["37243", "37242"]),
        ("gi bleeding artery", ["37244"]),
        ("not for bleeding", ["37241", "37242"]),
        ("embolisation tumour", ["37243", "37242"]),
        ("coils", ["37241", "37242", "37243", "37244"]),
        ("vascular occlusion", ["37241", "37242", "37244", "37243"]),
        ("professional component", ["26", "81"]),
        ("discontinued", ["53", "73", "74"]),
        ("reduced", ["52"]),
        ("unrelated", ["79"]),
        ("repeat procedure", ["76", "77"]),
        ("surgical assistant", ["80", "81", "82"]),
        ("physical status", ["P1", "P2", "P3", "P4", "P5", "P6"]),
        ("lt", ["LT"]),
        ("leed", []),
        ("bleed zzz", []),
        ("!?;", []),
        ("\x00\x1b[0m", []),
        ("a" * 10_000, []),
        (" ".join("abc" for _ in range(2500)), []),
        ("37244" + ":59" * 3000, ["37244", "59"]),
        ("\ud800", []),
    ],
)  # fmt: skip
def test_what_is_typed_and_what_is_found(shipped: Provider, text: str, codes: list[str]) -> None:
    assert found(shipped, text) == codes


RANKED = code_system(
    "ranked",
    [
        concept("90003", "About a foot", definition="By hand, on the arm"),
        concept("90002", "Armature repaired"),
        concept("90001", "Repair of an arm"),
        concept("90005", "Removal", designation=[{"value": "Taken off"}, {"value": "arm"}]),
        concept("90004", "Removal", designation=[{"value": "Arm taken off"}]),
        concept("AR", "Other"),
        concept("AR002", "Other"),
        concept("90006", "Both sides of a leg"),
        concept("90007", "Nothing"),
    ],
)
BY_ARM = "display 90001, display 90002, designation 90004, designation 90005, definition 90003"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ar", f"code AR, code-prefix AR002, {BY_ARM}"),
        ("arm", BY_ARM),
        ("arm taken", "designation 90004, designation 90005"),
        ("foot arm", "definition 90003"),
        ("bilat", "abbreviation 90006"),
        ("9000 arm", BY_ARM),
    ],
)  # fmt: skip
def test_the_order_of_kinds_and_of_codes_within(tmp_path: Path, text: str, expected: str) -> None:
    for provider in (in_memory(RANKED), stored(tmp_path, RANKED)):
        assert ", ".join(map(" ".join, kinds(provider, text))) == expected


def test_a_number_in_a_definition_is_of_another_code() -> None:
    concepts = [concept("90001", "a", definition="not with 90002"), concept("90002", "b")]
    assert kinds(in_memory(code_system("c", concepts)), "90002") == [("code", "90002")]


def test_an_abbreviation_goes_before_words_that_begin_so_and_after_the_word_itself() -> None:
    concepts = [
        concept("1", "Irrigation"),
        concept("2", "Interventional radiology"),
        concept("3", "Radiology", designation=[{"value": "Interventional"}]),
        concept("4", "By IR"),
    ]
    assert kinds(in_memory(code_system("c", concepts)), "IR") == [
        ("display", "4"),
        ("abbreviation", "2"),
        ("display", "1"),
        ("abbreviation", "3"),
    ]


def test_what_an_abbreviation_stands_for_counts_though_the_letters_are_there_too() -> None:
    concepts = [
        concept("1", "Ctenophore"),
        concept("2", "Computed tomography", designation=[{"value": "CT"}]),
    ]
    assert kinds(in_memory(code_system("c", concepts)), "ct") == [
        ("abbreviation", "2"),
        ("display", "1"),
    ]


def test_a_synonym_goes_after_the_word_itself() -> None:
    concepts = [concept("1", "Of both sides"), concept("2", "Bilateral"), concept("3", "Other")]
    assert kinds(in_memory(code_system("c", concepts)), "bilateral") == [
        ("display", "2"),
        ("synonym", "1"),
    ]


def test_what_a_supplement_calls_a_concept_is_found(shipped: Provider) -> None:
    named = concept("50", None, designation=[{"value": "Mirrored"}])
    supplement = msgspec.convert(code_system("s", [named], content="supplement"), CodeSystem)
    provider = SupplementedProvider(shipped, [supplement])
    assert found(provider, "mirr") == ["50"]
    assert found(provider, "sides mirr") == ["50"]
    assert found(shipped, "mirr") == []
    assert found(provider, "3724") == found(shipped, "3724")


def test_other_code_systems_keep_what_has_every_word_in_document_order() -> None:
    provider = in_memory(RANKED)
    assert not provider.ranks
    assert {hit.kind for hit in provider.search("arm").hits()} == {TEXT}
    in_order = [c for c in found(provider, "9") if c in set(found(provider, "arm"))]
    assert found(provider, "arm") == in_order != []
    assert found(provider, "rm") == []
    assert found(provider, "...") == []
    assert set(found(provider, "9000 arm")) == set(found(provider, "arm"))


def test_a_blank_text_finds_all(shipped: Provider) -> None:
    assert [*shipped.search(" \t ")] == list(range(shipped.size))


def test_a_code_system_without_concepts() -> None:
    assert [*search(in_memory(code_system("c", [])), "1 a")] == []


@pytest.mark.parametrize(
    ("table", "ask"), [("search-abbreviations", phrases), ("search-synonyms", synonyms)]
)
def test_every_row_is_one_word_with_words_that_it_does_not_begin(
    table: str, ask: Callable[[str], Phrases]
) -> None:
    rows = list(content.table(table))
    assert rows == sorted(rows, key=lambda row: row["word"].casefold())
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    for row in rows:
        (word,), phrase = words_of(row["word"]), words_of(row["words"])
        assert phrase, row
        assert tuple(phrase) in ask(word)
        assert len(phrase) > 1 or not phrase[0].startswith(word), row
    assert ask("zzz") == ()


def test_a_synonym_is_taken_from_its_fourth_letter_on() -> None:
    assert synonyms("bil") == ()
    assert synonyms("bila") == synonyms("bilateral") == (("both", "sides"),)
    assert synonyms("co") == (("two",),)


@given(WORDS.flatmap(lambda words: st.tuples(st.just(words), st.permutations(words))))
def test_the_order_of_words_changes_nothing(
    shipped: Provider, orders: tuple[list[str], list[str]]
) -> None:
    one, other = (" ".join(words) for words in orders)
    assert [*shipped.search(one)] == [*shipped.search(other)]


@given(WORDS, st.sampled_from("abcdeilnorstvx0123456789"))
def test_one_letter_more_never_finds_more(
    shipped: Provider, words: Sequence[str], letter: str
) -> None:
    *others, last = words
    longer = last + letter
    # One that goes on after a whole code is an expression, which finds its modifiers too.
    goes_on = not others and last == "37244"
    if not (goes_on or phrases(longer) or synonyms(longer)):
        more = set(shipped.search(" ".join([*others, longer])))
        assert more <= set(shipped.search(" ".join([*others, last])))


@given(LETTERS, st.integers(1, 7))
def test_pages_are_pages_of_the_whole(shipped: Provider, text: str, size: int) -> None:
    hits = shipped.search(text)
    whole = [*hits]
    assert len(hits) == len(whole) == len(set(whole))
    pages = [hits[start : start + size] for start in range(0, len(whole) + size, size)]
    assert [ordinal for page in pages for ordinal in page] == whole
    assert [hit.ordinal for hit in hits.hits()] == whole
    ranks = [hit.rank for hit in hits.hits()]
    assert ranks == sorted(ranks)
    assert {hit.kind for hit in hits.hits()} <= {*KINDS}
    assert [hits[place] for place in range(-len(whole), 0)] == whole
    assert hits[::-2] == whole[::-2]


@given(LETTERS, st.sets(st.integers(0, 90)))
def test_what_is_found_among_some_keeps_its_order(
    shipped: Provider, text: str, members: set[int]
) -> None:
    hits = shipped.search(text)
    assert [*hits.among(members)] == [ordinal for ordinal in hits if ordinal in members]


@given(st.text())
def test_no_text_raises(shipped: Provider, text: str) -> None:
    hits = shipped.search(text)
    assert len([*hits]) == len(hits) <= shipped.size
