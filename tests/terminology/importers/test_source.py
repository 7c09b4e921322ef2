"""Files, folders and archives as lists of entries, and their text."""

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from terminology.importers.guard import Limits
from terminology.importers.problems import UnreadableSource
from terminology.importers.source import open_source
from tests.terminology.importers.packing import gzipped_tar, write, zipped


def named(path: Path) -> dict[str, bytes]:
    with open_source(path) as source:
        return {entry.name: entry.read() for entry in source.entries()}


def lines(content: bytes, folder: Path) -> list[tuple[int, str]]:
    with open_source(write(folder, "a.txt", content)) as source:
        (entry,) = source.entries()
        return list(entry.lines())


def test_a_file_is_a_source_of_one() -> None:
    assert list(named(Path(__file__))) == ["test_source.py"]


def test_a_folder_with_folders_sorted_and_without_litter(tmp_path: Path) -> None:
    for name in (
        "b/LONGULT.txt",
        "a.txt",
        ".git/config",
        "b/.DS_Store",
        "__MACOSX/x",
        "b/~$a.xlsx",
    ):
        write(tmp_path, name, name.encode())
    assert named(tmp_path) == {"a.txt": b"a.txt", "b/LONGULT.txt": b"b/LONGULT.txt"}


@pytest.mark.parametrize("name", ["a.zip", "delivery-without-a-suffix"])
def test_a_zip_with_folders(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, zipped({"x/": b"", "x/LONGULT.txt": b"1", "./MEDU.txt": b"2"}))
    assert named(path) == {"x/LONGULT.txt": b"1", "MEDU.txt": b"2"}


def test_a_gzipped_tar(tmp_path: Path) -> None:
    path = write(tmp_path, "a.tgz", gzipped_tar({"package/a.json": b"{}", "package/b": b"2"}))
    assert named(path) == {"package/a.json": b"{}", "package/b": b"2"}


def test_a_gzipped_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a/codes.csv.gz", gzip.compress(b"a,b\n" * 9))
    assert named(path) == {"codes.csv": b"a,b\n" * 9}
    assert named(path.parent) == {"codes.csv.gz/codes.csv": b"a,b\n" * 9}
    with open_source(path) as source:
        (entry,) = source.entries()
        one, other = entry.lines(), entry.lines()
        assert [next(one), next(other), next(one)] == [(1, "a,b"), (1, "a,b"), (2, "a,b")]


@pytest.mark.parametrize("name", [b"code\xe9.csv", b"f\xfflder/codes.csv", b"f\xfflder/a.zip"])
def test_a_name_that_is_no_utf_8_can_be_written(tmp_path: Path, name: bytes) -> None:
    content = zipped({"a.txt": b"1"}) if name.endswith(b"zip") else b"1"
    path = write(tmp_path, os.fsdecode(name), content)
    for source in (tmp_path, path, path.parent):
        assert [content for held, content in named(source).items() if held.encode()] == [b"1"]


def test_a_name_in_an_archive_that_is_no_utf_8_can_be_written(tmp_path: Path) -> None:
    path = write(tmp_path, "a.tgz", gzipped_tar({os.fsdecode(b"package/\xe9.json"): b"1"}))
    assert named(path) == {r"package/\xe9.json": b"1"}


def test_archives_in_archives_count_as_folders(tmp_path: Path) -> None:
    inner = zipped({"f1.txt": b"1", "deep.zip": zipped({"f2.txt": b"2"})})
    files = {"outer/f1.zip": inner, "package.tgz": gzipped_tar({"package/a.json": b"3"})}
    expected = {
        "outer/f1.zip/f1.txt": b"1",
        "outer/f1.zip/deep.zip/f2.txt": b"2",
        "package.tgz/package/a.json": b"3",
    }
    assert named(write(tmp_path, "a.zip", zipped(files))) == expected
    folder = tmp_path / "folder"
    for name, content in files.items():
        write(folder, name, content)
    assert named(folder) == expected


def test_a_workbook_is_a_file_and_no_folder(tmp_path: Path) -> None:
    path = write(tmp_path, "a.xlsx", zipped({"xl/workbook.xml": b"<x/>"}))
    assert list(named(path)) == ["a.xlsx"]


def test_a_file_can_be_read_again_and_counts_once_against_the_limit(tmp_path: Path) -> None:
    content = bytes(range(256)) * 40
    path = write(tmp_path, "a.zip", zipped({"a.bin": content}))
    with open_source(path, Limits(unpacked=15_000)) as source:
        (entry,) = source.entries()
        assert {entry.read() for _ in range(3)} == {content}
        assert entry.size == len(content)
        assert entry.sha256 == hashlib.sha256(content).hexdigest()


def test_two_files_of_a_zip_can_be_read_side_by_side(tmp_path: Path) -> None:
    files = {"a.txt": b"a1\na2\n", "b.txt": b"b1\nb2\n"}
    for path in (
        write(tmp_path, "a.zip", zipped(files)),
        write(tmp_path, "a.tgz", gzipped_tar(files)),
    ):
        with open_source(path) as source:
            first, second = source.entries()
            pairs = zip(first.lines(), second.lines(), strict=True)
            assert [(a[1], b[1]) for a, b in pairs] == [("a1", "b1"), ("a2", "b2")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_way(tmp_path: Path, end: str) -> None:
    assert lines(f"one{end}{end}three".encode(), tmp_path) == [(1, "one"), (2, ""), (3, "three")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    text = "37244\tMénière\u2019s\n"
    assert lines(text.encode(encoding), tmp_path) == [(1, text.strip())]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_the_first_letter_beyond_ascii_may_come_late(tmp_path: Path, encoding: str) -> None:
    text = "plain\n" * 400_000 + "café\n"
    assert lines(text.encode(encoding), tmp_path)[-1] == (400_001, "café")


def test_a_character_on_the_edge_of_a_chunk_is_utf_8_still(tmp_path: Path) -> None:
    text = "x" * ((1 << 20) - 1) + "é"
    assert lines(text.encode(), tmp_path) == [(1, text)]


def test_text_that_changes_its_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    content = "é\n".encode() * 600_000 + "é\n".encode("cp1252")
    with pytest.raises(UnreadableSource, match=r"a\.txt:600001: .* begins as UTF-8 .* byte 0xe9"):
        lines(content, tmp_path)


def test_a_byte_order_mark_before_text_of_another_encoding(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + "plain\r\ncafé\r\n".encode("cp1252")
    with pytest.raises(UnreadableSource, match=r"a\.txt:2: .* begins as UTF-8 .* byte 0xe9"):
        lines(content, tmp_path)


def test_utf_16_that_ends_within_a_character(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"a\.txt:2: .* begins as UTF-16"):
        lines("a\nbc".encode("utf-16")[:-1], tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", [0, 700_000])
def test_text_has_no_zero_character(tmp_path: Path, encoding: str, before: int) -> None:
    # Zeros that touch are two characters in UTF-16: U+0100 and U+0041.
    sound = "ab\n" * before + "\u0100A\n"
    assert lines(sound.encode(encoding), tmp_path)[-1] == (before + 1, "\u0100A")
    with pytest.raises(UnreadableSource, match=r"a\.txt is not text: it holds zero bytes"):
        lines(f"{sound}a\0b".encode(encoding), tmp_path)


def test_bytes_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match=r"a\.txt is not text"):
        lines(b"\x00\x01\x02", tmp_path)
