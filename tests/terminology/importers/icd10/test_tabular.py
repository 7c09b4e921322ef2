"""The tabular list of ICD-10-CM alone, and together with the order file."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copy

import pytest

from terminology.importers.delivery import Options, Placed
from terminology.importers.problems import Threshold, UnreadableSource
from terminology.model import Concept
from tests.terminology.importers.generate import icd10, public
from tests.terminology.importers.reading import Whole, Write, load, recognised, refusal

KIND = "icd10cm"
NAME, ORDER = "icd10cm_tabular_2026.xml", "icd10cm_order_2026.txt"
LENIENT = Options(threshold=Threshold(share=1))
# What the small list holds, and what is above each.
ABOVE = {
    "1": None,
    "A00-A09": "1",
    "A00": "A00-A09",
    "A00.0": "A00",
    "A00.9": "A00",
    "B99": "1",
    "19": None,
    "S00-T14": "19",
    "S00-S09": "S00-T14",
    "S06": "S00-S09",
    "S06.0": "S06",
    "S06.0XXA": "S06.0",
    "S06.0XXD": "S06.0",
    "S06.1": "S06",
    "S06.1X": "S06.1",
    "S06.1X1": "S06.1X",
    "S06.1X1A": "S06.1X1",
    "S06.1X1D": "S06.1X1",
    "S06.1X7": "S06.1X",
    "S06.1X7A": "S06.1X7",
}


def by_code(whole: Whole) -> dict[str, Placed]:
    (placed,) = whole.concepts
    found = {one.concept.code: one for one in placed}
    assert len(found) == len(placed)
    return found


def above(found: Mapping[str, Placed]) -> dict[str, str | None]:
    codes = list(found)
    for number, one in enumerate(found.values()):
        assert all(parent < number for parent in one.parents)
    return {code: codes[o.parents[0]] if o.parents else None for code, o in found.items()}


def values(concept: Concept, code: str) -> list[str | None]:
    return [prop.text() for prop in concept.property if prop.code == code]


def order_of(whole: Whole) -> list[icd10.Listed]:
    """The codes of a list as rows of an order file, which has no chapters and sections."""
    return [
        (one.concept.code.replace(".", ""), bool(prop.value_boolean), one.concept.display or "")
        for one in whole.concepts[0]
        for prop in one.concept.property
        if prop.code == "billable"
    ]


def test_chapters_sections_codes_and_seventh_characters(put: Write) -> None:
    found = by_code(load(KIND, put(NAME, icd10.small_list())))
    assert above(found) == ABOVE
    assert found["S06.0XXA"].concept.display == "Fall in the rain, at first"
    assert values(found["S06.0XXA"].concept, "billable") == ["true"]
    assert values(found["S06.0"].concept, "billable") == ["false"]
    assert values(found["A00.9"].concept, "billable") == ["true"]
    assert values(found["1"].concept, "kind") == ["chapter"]
    assert values(found["A00-A09"].concept, "kind") == ["section"]
    assert values(found["S06"].concept, "notSelectable") == ["true"]


def test_notes_stand_where_the_list_has_them(put: Write) -> None:
    found = {code: one.concept for code, one in _small(put).items()}
    assert values(found["1"], "includes") == ["lanterns of every kind"]
    assert values(found["A00-A09"], "excludes2") == ["kites (B00.-)"]
    assert values(found["A00"], "excludes1") == ["drum (B99)", "anvil (B99)"]
    assert values(found["A00.0"], "inclusionTerm") == ["Humming lantern"]
    assert values(found["S06"], "sevenChrDef") == ["A: at first", "D: later"]
    assert values(found["S06"], "sevenChrNote")[0] is not None
    assert values(found["S06.0"], "sevenChrDef") == []
    # A section of one category is that category.
    assert values(found["B99"], "codeFirst") == ["the harp"]


def _small(put: Write) -> dict[str, Placed]:
    return by_code(load(KIND, put(NAME, icd10.small_list())))


def test_an_exception_that_is_not_understood_is_told(put: Write) -> None:
    odd = icd10.small_list().replace("in category S06 with", "of the hill with")
    whole = load(KIND, put(NAME, odd))
    assert "S06.1X7D" in by_code(whole)
    assert any("An exception of S06 was not understood: 7th char" in r for r in whole.remarks)


def test_both_files_together(put: Write) -> None:
    path = put(NAME, icd10.small_list())
    rows = order_of(load(KIND, path))
    rows[1] = ("A000", True, "Another name")
    icd10.written(path.parent / ORDER, icd10.order(rows))
    whole = load(KIND, path.parent)
    found = by_code(whole)
    assert above(found) == ABOVE
    assert found["A00.0"].concept.display == "Another name"
    assert values(found["A00.0"].concept, "inclusionTerm") == ["Humming lantern"]
    assert (whole.problems, whole.remarks) == ([], [])
    assert {file.name for file in whole.delivery.files} == {NAME, ORDER}


def test_the_order_file_says_which_codes_are_valid(put: Write) -> None:
    path = put(NAME, icd10.small_list())
    rows = [(c, v and c != "A000", t) for c, v, t in order_of(load(KIND, path))]
    icd10.written(path.parent / ORDER, icd10.order(rows))
    found = by_code(load(KIND, path.parent))
    assert values(found["A00.0"].concept, "billable") == ["false"]


def test_codes_that_one_of_both_lacks(put: Write) -> None:
    path = put(NAME, icd10.small_list())
    rows = [row for row in order_of(load(KIND, path)) if row[0] != "A009"]
    rows.append(("C00", True, "A harp"))
    icd10.written(path.parent / ORDER, icd10.order(rows))
    whole = load(KIND, path.parent, LENIENT)
    assert whole.problems == [
        f"{ORDER}: C00 is not in the tabular list, nor a code above it",
        f"{NAME}: A009 is in the tabular list and not in the order file",
    ]
    assert above(by_code(whole))["C00"] is None
    assert "A009 is in the tabular list" in refusal(KIND, path.parent)


def test_files_of_two_releases(put: Write) -> None:
    path = put(NAME.replace("2026", "April-1-2026"), icd10.small_list())
    rows = order_of(load(KIND, path))
    icd10.written(path.parent / ORDER, icd10.order(rows))
    assert "The files are of 2026 and 2026-04: load one" in refusal(KIND, path.parent)
    named = load(KIND, path.parent, Options(version="2026-04")).delivery
    assert (named.version, named.effective) == ("2026-04", "2026-04-01")


def test_the_year_at_the_head_of_the_list(put: Write) -> None:
    assert load(KIND, put("tabular.xml", icd10.small_list())).delivery.version == "2026"
    other = put(NAME, icd10.small_list().replace("<version>2026", "<version>2025"))
    assert "The files are of 2025 and 2026" in refusal(KIND, other)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("<name>A00.9</name>", "<name>A0!</name>"), "'A0!' is no code"),
        (("<name>A00.9</name>", "<name/>"), "'' is no code"),
        (("<name>A00.9</name>", "<name>A00.0</name>"), "A000 stands there a second time"),
        (("<desc>Lantern, not known</desc>", ""), "there is no text for A009"),
        (('id="A00-A09"', ""), "'' is no code"),
    ],
)
def test_what_is_wrong_is_counted(put: Write, change: tuple[str, str], reason: str) -> None:
    path = put(NAME, icd10.small_list().replace(*change, 1))
    whole = load(KIND, path, LENIENT)
    (problem,) = whole.problems
    assert problem.startswith(f"{NAME}:")
    assert problem.endswith(reason)
    assert reason in refusal(KIND, path)


def test_lists_that_can_not_be_read(put: Write) -> None:
    whole = icd10.small_list()
    assert "is damaged or was cut short" in refusal(KIND, put("a.xml", whole[: len(whole) // 2]))
    entity = '<!DOCTYPE ICD10CM.tabular [<!ENTITY a "b">]>\n<ICD10CM.tabular>'
    with_dtd = whole.replace("<ICD10CM.tabular>", entity).replace("Drum<", "&a;<")
    assert "has a DTD" in refusal(KIND, put("b.xml", with_dtd))
    assert "holds no code of ICD-10-CM" in refusal(KIND, put("c.xml", icd10.tabular("")))
    with pytest.raises(UnreadableSource, match="is not ICD-10-CM"):
        load(KIND, put("d.xml", "<ICD10CM.index><version>2026</version></ICD10CM.index>"))


def test_the_whole_public_list(tmp_path: Path) -> None:
    whole = load(KIND, public.tabular_list())
    found = by_code(whole)
    assert not whole.problems
    assert {code.replace(".", "") for code in found} == public.listed_codes()
    assert whole.delivery.version == "2026-04"
    assert "is the tabular list" in recognised(public.tabular_list())[KIND]
    tree = above(found)
    assert (tree["C7A"], tree["C00-C14"], tree["A00.0"]) == ("C00-C96", "C00-C75", "A00")
    assert sum(1 for parent in tree.values() if parent is None) == 22
    # Another source's list of valid codes, of half a year before.
    valid = {code for code, is_valid, _ in order_of(whole) if is_valid}
    others = public.diagnoses()
    assert len(valid & set(others)) > 0.999 * len(others)
    # Long descriptions of codes with a seventh character are what the list puts together.
    long = {code.replace(".", ""): one.concept.display for code, one in found.items()}
    same = [code for code, text in others.items() if long.get(code) == text]
    assert len(same) > 0.997 * len(others)
    # With an order file of it beside it, all is in the same places.
    copy(public.tabular_list(), tmp_path)
    name = "icd10cm-order-April-1-2026.txt"
    icd10.written(tmp_path / name, icd10.order(order_of(whole)), "utf-8")
    both = load(KIND, tmp_path)
    assert not both.problems
    assert above(by_code(both)) == tree
