"""The text of an expression: what is wrong with it, where, and how it is to be written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.codesystems.cpt.expression import (
    code_faults,
    in_order,
    modifier_faults,
    parse,
)
from terminology.rules.request import Fault

CODE = st.from_regex(r"[0-9]{4}[0-9A-Z]", fullmatch=True)
MODIFIERS = st.lists(st.from_regex(r"[0-9A-Z]{2}", fullmatch=True), min_size=1, max_size=5)


def fault(text: str) -> Fault:
    """The one thing that is wrong with a text."""
    read = parse(text)
    assert read is not None, text
    (found,) = read.faults
    return found


@pytest.mark.parametrize(
    ("text", "position", "right"),
    [
        ("37244-59", 5, "37244:59"),
        ("37244.59", 5, "37244:59"),
        ("37244 59", 5, "37244:59"),
        ("37244_59", 5, "37244:59"),
        ("37244|59", 5, "37244:59"),
        ("37244#59", 5, "37244:59"),
        ("37244\\59", 5, "37244:59"),
        # What a word processor makes of a hyphen.
        ("37244\u201359", 5, "37244:59"),
        ("37244\u00a059", 5, "37244:59"),
        ("37244--59", 5, "37244:59"),
        ("37244 - 59", 5, "37244:59"),
        ("37244 :59", 5, "37244:59"),
        ("37244: 59", 5, "37244:59"),
        ("37244:-59", 5, "37244:59"),
        ("37244-59-LT", 5, "37244:59:LT"),
        ("37244:59-LT", 8, "37244:59:LT"),
        ("37244-59:LT", 5, "37244:59:LT"),
        ("37244:59, LT", 8, "37244:59:LT"),
        ("37244:59;LT", 8, "37244:59:LT"),
        ("37244-lt", 5, "37244:LT"),
        ("37244-2659", 5, "37244:26:59"),
        ("0001f-1p", 5, "0001F:1P"),
        ("J1234-59", 5, "J1234:59"),
        # What is proposed is not itself wrong.
        ("37244-59-59", 5, "37244:59"),
    ],
)
def test_another_separator_is_told_with_its_place_and_the_right_form(
    text: str, position: int, right: str
) -> None:
    found = fault(text)
    assert (found.name, found.position, found.right_form) == ("separator", position, right)


@pytest.mark.parametrize(
    ("text", "position", "right"),
    [
        ("3724459", 5, "37244:59"),
        ("37244LT59", 5, "37244:LT:59"),
        ("37244lt", 5, "37244:LT"),
        ("37244:59LT", 8, "37244:59:LT"),
        ("37244:26:59lt", 11, "37244:26:59:LT"),
        ("37244:5959", 8, "37244:59"),
    ],
)
def test_no_separator_is_told_with_its_place_and_the_right_form(
    text: str, position: int, right: str
) -> None:
    found = fault(text)
    assert (found.name, found.position, found.right_form) == ("no-separator", position, right)


@pytest.mark.parametrize(
    ("text", "position", "right"),
    [
        ("37244:", 6, "37244"),
        ("37244-", 6, "37244"),
        ("37244::59", 6, "37244:59"),
        ("37244:59:", 9, "37244:59"),
        ("37244:59-", 9, "37244:59"),
        ("37244:59 -", 10, "37244:59"),
    ],
)
def test_a_separator_without_a_modifier(text: str, position: int, right: str) -> None:
    found = fault(text)
    name, at = "trailing-separator", position
    assert (found.name, found.position, found.right_form) == (name, at, right)


@pytest.mark.parametrize(
    ("text", "name", "part", "position", "right"),
    [
        ("37244:lt", "lower-case", "lt", 6, "37244:LT"),
        ("37244:59:xs", "lower-case", "xs", 9, "37244:59:XS"),
        ("0001f:1P", "lower-case", "0001f", 0, "0001F:1P"),
        # The repeated one is left out of what is proposed.
        ("37244:LT:lt", "lower-case", "lt", 9, "37244:LT"),
        (":59", "no-base", "", 0, None),
        ("25:95", "modifier-as-base", "25", 0, None),
        ("37244:37243", "code-as-modifier", "37243", 6, None),
        ("37244:J1234", "code-as-modifier", "J1234", 6, None),
        ("3724:59", "bad-base", "3724", 0, None),
        ("37244:5", "bad-modifier", "5", 6, None),
        ("37244:599", "bad-modifier", "599", 6, None),
        ("37244:\uff15\uff19", "bad-modifier", "\uff15\uff19", 6, None),
    ],
)
def test_each_part_is_told_with_its_place(
    text: str, name: str, part: str, position: int, right: str | None
) -> None:
    assert fault(text) == Fault(name=name, part=part, position=position, right_form=right)


def test_every_part_that_is_wrong_is_told() -> None:
    read = parse("25:37243:lt:5")
    assert read is not None
    assert [(found.name, found.position) for found in read.faults] == [
        ("modifier-as-base", 0),
        ("code-as-modifier", 3),
        ("lower-case", 9),
        ("bad-modifier", 12),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "37244",
        "59",
        "LT",
        "0001F",
        "J1234",
        "lt",
        "",
        "K92.2",
        "I85-01",
        "8867-4",
        "37244X",
        "3724",
    ],
)
def test_a_single_code_of_any_system_is_no_matter_of_grammar(text: str) -> None:
    assert parse(text) is None


def test_a_modifier_by_itself_has_no_separator_to_miss() -> None:
    assert modifier_faults("59") == ()
    assert [found.name for found in modifier_faults("5926")] == ["bad-modifier"]
    assert [found.right_form for found in modifier_faults("lt")] == ["LT"]


def test_a_code_by_itself() -> None:
    assert code_faults("37244") == code_faults("J1234") == ()
    assert [found.name for found in code_faults("59")] == ["modifier-as-base"]
    assert [found.right_form for found in code_faults("0001f")] == ["0001F"]


@given(CODE, MODIFIERS)
def test_what_is_well_formed_has_no_fault(code: str, modifiers: list[str]) -> None:
    text = ":".join((code, *modifiers))
    read = parse(text)
    assert read is not None
    assert read.faults == ()
    assert (read.base, read.modifiers) == (code, tuple(modifiers))
    assert [text[at : at + 2] for at in read.positions] == modifiers
    assert read.canonical == ":".join((code, *in_order(tuple(modifiers))))


@given(CODE, MODIFIERS, st.text("-. _/,;|+#*\u2013\u2014", min_size=1, max_size=2))
def test_the_right_form_is_well_formed(code: str, modifiers: list[str], separator: str) -> None:
    right = fault(separator.join((code, *modifiers))).right_form
    assert right is not None
    read = parse(right)
    assert read is not None
    assert read.faults == ()
    assert read.modifiers == tuple(dict.fromkeys(modifiers))


@given(st.text("0123456789ABPTx:-. \u2013\u0660", max_size=14))
def test_every_fault_is_inside_what_was_sent(text: str) -> None:
    read = parse(text)
    for found in read.faults if read is not None else ():
        assert 0 <= found.position <= len(text)
        assert text[found.position :].startswith(found.part)
