"""Whatever happened to a file on its way: it is read, or refused in words, and nothing else."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from terminology.errors import InvalidInput
from terminology.importers import registry
from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from tests.terminology.importers.generate import cpt, hcpcs, icd10, ncci, rvu
from tests.terminology.importers.generate.workbook import workbook
from tests.terminology.importers.packing import write, zipped
from tests.terminology.importers.reading import load

Files = Mapping[str, bytes]
Spoil = tuple[Callable[[bytes, int, int], bytes], int, int]
"""What is done, where (a place in ten thousand parts of the file), and with what."""


def _of(path: Path) -> bytes:
    return path.read_bytes()


def _cpt() -> Files:
    return {f"cpt-2026/{name}": text.encode() for name, text in cpt.delivery(40).items()}


def _hcpcs_text() -> Files:
    return {"HCPC2026_OCT_ANWEB.txt": hcpcs.text(hcpcs.rows(40)).encode()}


def _hcpcs_table() -> Files:
    rows = "\n".join(",".join(f'"{cell}"' for cell in row) for row in hcpcs.table(hcpcs.rows(20)))
    return {"HCPC2026_OCT_ANWEB.csv": rows.encode()}


def _mpfs() -> Files:
    return {"PPRRVU2026_Jul_nonQPP.csv": rvu.text(40).encode()}


def _pairs() -> Files:
    with TemporaryDirectory() as folder:
        return {path.name: _of(path) for path in ncci.parts(Path(folder), 80)}


def _pairs_book() -> Files:
    with TemporaryDirectory() as folder:
        path = ncci.book(Path(folder) / "ccipra-v322r0-f1.xlsx", 60)
        return {path.name: _of(path)}


def _limits() -> Files:
    return {"MCR_MUE_PractitionerServices_Eff_07-01-2026.csv": ncci.limits(40).encode()}


def _procedures() -> Files:
    lines = icd10.order(icd10.with_headers(icd10.procedures(40)))
    return {"icd10pcs_order_2026.txt": "\r\n".join([*lines, ""]).encode()}


def _diagnoses() -> Files:
    rows: list[icd10.Listed] = [("A00", False, "Lantern"), ("A000", True, "Humming lantern")]
    order = "\r\n".join([*icd10.order(rows), ""])
    return {
        "icd10cm_order_2026.txt": order.encode(),
        "icd10cm_tabular_2026.xml": icd10.small_list().encode(),
    }


def _tabular() -> Files:
    return {"icd10cm_tabular_2026.xml": icd10.small_list().encode()}


def _json() -> Files:
    system = {
        "resourceType": "CodeSystem",
        "url": "https://test.example/CodeSystem/lanterns",
        "version": "1",
        "status": "active",
        "content": "complete",
        "concept": [{"code": "a", "display": "A lantern", "concept": [{"code": "b"}]}],
    }
    manifest = {"name": "lanterns", "version": "1.0.0", "fhirVersions": ["4.0.1"]}
    return {
        "package/package.json": json.dumps(manifest).encode(),
        "package/CodeSystem-lanterns.json": json.dumps(system, indent=1).encode(),
    }


def _xml() -> Files:
    return {
        "CodeSystem-lanterns.xml": (
            b'<CodeSystem xmlns="http://hl7.org/fhir">\n'
            b'<url value="https://test.example/CodeSystem/lanterns"/>\n<version value="1"/>\n'
            b'<status value="active"/>\n<content value="complete"/>\n'
            b'<concept><code value="a"/><display value="A lantern"/></concept>\n</CodeSystem>\n'
        )
    }


MADE: Mapping[str, tuple[Callable[[], Files], ...]] = {
    "cpt": (_cpt,),
    "hcpcs": (_hcpcs_text, _hcpcs_table),
    "mpfs": (_mpfs,),
    "ncci-ptp": (_pairs, _pairs_book),
    "ncci-mue": (_limits,),
    "icd10pcs": (_procedures,),
    "icd10cm": (_diagnoses, _tabular),
    "fhir": (_json, _xml),
}
CASES = [(kind, made) for kind, makers in MADE.items() for made in makers]
_made = cache(lambda made: made())
OPTIONS = (
    Options(accept_license=True),
    Options(accept_license=True, threshold=Threshold(number=10**6, share=1)),
)
PIECES = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x81\x8d",
    b'"',
    b"\r",
    b"\n\n",
    b"\t",
    b",",
    b"<",
    b"&#0;",
    b"\xc3",
    b"9" * 30,
    b"99999999",
    "\u0660\u00b2\u2028".encode(),
    b" " * 400,
)


def _cut(content: bytes, at: int, which: int) -> bytes:
    return content[:at]


def _begun_late(content: bytes, at: int, which: int) -> bytes:
    return content[at:]


def _put_in(content: bytes, at: int, which: int) -> bytes:
    return content[:at] + PIECES[which % len(PIECES)] + content[at:]


def _put_over(content: bytes, at: int, which: int) -> bytes:
    piece = PIECES[which % len(PIECES)]
    return content[:at] + piece + content[at + len(piece) :]


def _left_out(content: bytes, at: int, which: int) -> bytes:
    return content[:at] + content[at + 1 + which :]


def _another_byte(content: bytes, at: int, which: int) -> bytes:
    return content[:at] + bytes([which]) + content[at + 1 :]


def _line_left_out(content: bytes, at: int, which: int) -> bytes:
    start, end = _line(content, at)
    return content[:start] + content[end:]


def _line_twice(content: bytes, at: int, which: int) -> bytes:
    start, end = _line(content, at)
    return content[:end] + content[start:]


def _line(content: bytes, at: int) -> tuple[int, int]:
    end = content.find(b"\n", at) + 1
    return content.rfind(b"\n", 0, at) + 1, end or len(content)


MISHAPS = (
    _cut,
    _begun_late,
    _put_in,
    _put_over,
    _left_out,
    _another_byte,
    _line_left_out,
    _line_twice,
)
mishaps = st.tuples(st.sampled_from(MISHAPS), st.integers(0, 10_000), st.integers(0, 255))


def spoilt(content: bytes, done: Spoil) -> bytes:
    """A file after one mishap."""
    mishap, part, which = done
    return mishap(content, len(content) * part // 10_000, which)


@pytest.mark.parametrize(("kind", "made"), CASES, ids=[made.__name__[1:] for _, made in CASES])
@settings(max_examples=60)
@given(
    done=st.lists(mishaps, min_size=1, max_size=3),
    which=st.integers(0, 20),
    options=st.sampled_from(OPTIONS),
)
@example(done=[(_cut, 0, 0)], which=0, options=OPTIONS[0])
def test_a_spoilt_file_is_read_or_refused_in_words(
    kind: str, made: Callable[[], Files], done: list[Spoil], which: int, options: Options
) -> None:
    files = dict(_made(made))
    name = sorted(files)[which % len(files)]
    for one in done:
        files[name] = spoilt(files[name], one)
    with TemporaryDirectory() as folder:
        for path, content in files.items():
            write(Path(folder), path, content)
        _read_or_refused(kind, Path(folder), options)


@pytest.mark.parametrize(("kind", "made"), CASES, ids=[made.__name__[1:] for _, made in CASES])
@settings(max_examples=15)
@given(done=st.lists(mishaps, min_size=1, max_size=2))
def test_a_spoilt_archive_is_read_or_refused_in_words(
    kind: str, made: Callable[[], Files], done: list[Spoil]
) -> None:
    packed = zipped(_made(made))
    for one in done:
        packed = spoilt(packed, one)
    with TemporaryDirectory() as folder:
        _read_or_refused(kind, write(Path(folder), "delivery-2026.zip", packed), OPTIONS[0])


@settings(max_examples=30)
@given(part=st.integers(0, 10), done=st.lists(mishaps, min_size=1, max_size=2))
def test_a_spoilt_part_of_a_workbook(part: int, done: list[Spoil]) -> None:
    with TemporaryDirectory() as folder:
        whole = workbook(Path(folder) / "sound.xlsx", [["Column 1", "Column 2"], ["00100", 1.5]])
        with zipfile.ZipFile(io.BytesIO(_of(whole))) as book:
            inner = {name: book.read(name) for name in book.namelist()}
        name = sorted(inner)[part % len(inner)]
        for one in done:
            inner[name] = spoilt(inner[name], one)
        path = write(Path(folder), "x/ccipra-v322r0-f1.xlsx", zipped(inner))
        _read_or_refused("ncci-ptp", path, OPTIONS[0])


def _read_or_refused(kind: str, path: Path, options: Options) -> None:
    with suppress(InvalidInput):
        load(kind, path, options)


def test_every_kind_is_tried_and_its_sound_files_are_read(tmp_path: Path) -> None:
    assert set(MADE) == set(registry.KINDS)
    for number, (kind, made) in enumerate(CASES):
        for path, content in made().items():
            write(tmp_path / str(number), path, content)
        whole = load(kind, tmp_path / str(number), OPTIONS[1])
        assert any(_rows(whole.concepts, whole.tables, whole.pairs, [whole.resources])), made


def _rows(*parts: Iterable[Iterable[object]]) -> Iterator[object]:
    for part in parts:
        for rows in part:
            yield from rows
