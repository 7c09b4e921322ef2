"""Language ranges: what is refused, what comes first, and which name a reader is given."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import InvalidInput
from terminology.languages import Languages, display_of, matches, parse
from terminology.model import Concept, Designation

TAG = st.lists(st.sampled_from(["de", "DE", "en", "fr", "x", "CH"]), min_size=1, max_size=3).map(
    "-".join
)

DUCK = Concept(
    code="duck",
    display="duck",
    designation=[
        Designation(value="no language"),
        Designation(language="de-CH", value="Änteli"),
        Designation(language="de", value="Ente"),
        Designation(language="fr", value="canard"),
    ],
)


@pytest.mark.parametrize(
    "text",
    ["", "-", " ", "de_CH", "überhaupt", "toolonglanguage", "de fr", "*-CH", "de-", "1a", "d\x00e"],
)
def test_what_is_no_language_range_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInput, match="Invalid displayLanguage") as caught:
        parse(text)
    assert caught.value.tx_issue_type == "invalid-display"


@pytest.mark.parametrize("weight", ["q", "q=", "q=2", "q=-1", "q=nan", "q=inf", "x=1", "q=0.5;q=1"])
def test_what_is_no_weight_is_refused(weight: str) -> None:
    with pytest.raises(InvalidInput, match="Invalid displayLanguage"):
        parse(f"de;{weight}")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InvalidInput):
        assert parse(text).text == text


@pytest.mark.parametrize(
    ("text", "ranges", "strict"),
    [
        ("de", ("de",), False),
        ("de, en-AU; q=0.4 ,fr;q=0.8", ("de", "fr", "en-AU"), False),
        ("de;q=0.5,fr;q=0.5,en", ("en", "de", "fr"), False),
        ("de,*; q=0", ("de",), True),
        ("de,*;q=0.0", ("de",), True),
        ("de,*;Q=0.1", ("de", "*"), False),
        ("fr;q=0,de", ("de",), False),
        ("x-private", ("x-private",), False),
        (",de,,fr,", ("de", "fr"), False),
    ],
)
def test_ranges_come_by_weight_and_then_as_sent(
    text: str, ranges: tuple[str, ...], strict: bool
) -> None:
    assert parse(text) == Languages(text, ranges, strict)


@given(TAG, TAG)
def test_a_range_admits_what_begins_with_it(tag: str, more: str) -> None:
    assert matches(tag.upper(), tag.lower())
    assert matches(f"{tag}-{more}", tag)
    assert not matches(tag, f"{tag}-{more}")
    assert not matches(f"{tag}x", tag)
    assert matches(tag, "*")


@pytest.mark.parametrize(
    ("wanted", "base", "display"),
    [
        (None, "en", "duck"),
        ("en", "en", "duck"),
        ("en", "en-GB", "duck"),
        ("en-GB", "en", "duck"),
        ("de", "en", "Änteli"),
        ("de-DE,de", "en", "Änteli"),
        ("es,fr;q=0.5,de;q=0.1", "en", "canard"),
        ("*", "en", "duck"),
        ("es,*;q=0.1", "en", "duck"),
        ("es", "en", "duck"),
        ("es,*;q=0", "en", None),
        ("es,*;q=0", None, "duck"),
        ("de,*;q=0", None, "Änteli"),
    ],
)
def test_display_of(wanted: str | None, base: str | None, display: str | None) -> None:
    assert display_of(DUCK, base, parse(wanted) if wanted else None) == display


def test_a_concept_without_display_has_names_still() -> None:
    nameless = Concept(code="x", designation=[Designation(language="en", value="only name")])
    assert display_of(nameless, "en", parse("en")) == "only name"
    assert display_of(nameless, "en", None) is None


@given(st.lists(TAG, min_size=1, max_size=3))
def test_strict_never_gives_a_name_in_a_language_that_was_not_asked_for(tags: list[str]) -> None:
    wanted = parse(",".join([*tags, "*;q=0"]))
    shown = display_of(DUCK, "en", wanted)
    languages = {d.value: d.language for d in DUCK.designation} | {"duck": "en"}
    assert shown is None or wanted.admits(languages[shown])
