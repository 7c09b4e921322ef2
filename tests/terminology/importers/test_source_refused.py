"""Sources that are damaged, foreign or made to do harm: each a clear error, none a crash."""

import gzip
import os
import zipfile
from pathlib import Path

import pytest

from terminology.importers.guard import Limits
from terminology.importers.problems import UnreadableSource
from terminology.importers.source import open_source
from tests.terminology.importers.packing import (
    encrypted_zip,
    gzipped_tar,
    in_method,
    sparse_tar,
    tar_of_header,
    tar_with_link,
    write,
    zip_with_link,
    zipped,
)

SMALL = Limits(unpacked=100_000, ratio=50, free=1_000)


def refused(path: Path, limits: Limits | None = None) -> str:
    """The message with which opening and reading it ends."""
    with pytest.raises(UnreadableSource) as error:
        read_whole(path, limits)
    return error.value.message


def read_whole(path: Path, limits: Limits | None) -> list[str]:
    with open_source(path, limits) as source:
        return [entry.sha256 for entry in source.entries()]


def test_nothing_there(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone") == f"There is no file or folder {tmp_path / 'gone'}."


@pytest.mark.parametrize("litter", ["", ".DS_Store", "__MACOSX/._a.txt", "~$book.xlsx"])
def test_a_folder_without_files(tmp_path: Path, litter: str) -> None:
    if litter:
        write(tmp_path, litter, b"x")
    assert "holds no files" in refused(tmp_path)


def test_an_empty_zip(tmp_path: Path) -> None:
    assert "holds no files" in refused(write(tmp_path, "a.zip", zipped({})))


@pytest.mark.parametrize("kept", [2, 30, 0.3, 0.6, 0.95])
def test_a_zip_cut_short_anywhere(tmp_path: Path, kept: float) -> None:
    whole = zipped({"LONGULT.txt": os.urandom(5_000)})
    size = int(kept if kept > 1 else kept * len(whole))
    message = refused(write(tmp_path, "a.zip", whole[:size]))
    assert message.startswith("a.zip is damaged or was cut short")


@pytest.mark.parametrize("kept", [12, 0.3, 0.6, 0.99])
def test_a_tgz_cut_short_anywhere(tmp_path: Path, kept: float) -> None:
    whole = gzipped_tar({"package/a.json": os.urandom(5_000)})
    size = int(kept if kept > 1 else kept * len(whole))
    message = refused(write(tmp_path, "a.tgz", whole[:size]))
    assert message.startswith("a.tgz is damaged or was cut short")


def test_a_zip_with_a_flipped_byte(tmp_path: Path) -> None:
    packed = bytearray(zipped({"a.txt": b"some text" * 100}, zipfile.ZIP_STORED))
    packed[200] ^= 1
    message = refused(write(tmp_path, "a.zip", bytes(packed)))
    assert message.startswith("a.zip/a.txt is damaged or was cut short (Bad CRC-32")


def test_a_zip_whose_start_is_gone(tmp_path: Path) -> None:
    packed = zipped({"a.txt": b"words", "b.txt": b"more words"})
    assert "is damaged or was cut short" in refused(write(tmp_path, "a.zip", b"PK" + packed[3:]))


def test_a_file_without_a_name_in_a_zip(tmp_path: Path) -> None:
    packed = zipped({"a.txt": b"words"}).replace(b"a.txt", b"\0.txt")
    message = refused(write(tmp_path, "a.zip", packed))
    assert "is damaged or was cut short (a file in it has no name)" in message


def test_a_file_that_is_named_zip_and_is_none(tmp_path: Path) -> None:
    assert "a.zip is damaged" in refused(write(tmp_path, "a.zip", b"<html>Sign in</html>"))


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/etc/passwd", "C:\\out.txt", "..\\out.txt"]
)
def test_a_path_that_leaves_the_folder(tmp_path: Path, name: str) -> None:
    for packed, file in ((zipped, "a.zip"), (gzipped_tar, "a.tgz")):
        message = refused(write(tmp_path, file, packed({name: b"x", "b.txt": b"x"})))
        assert "leads out of the folder" in message
        assert repr(name) in message


def test_links_in_archives(tmp_path: Path) -> None:
    for packed, file in ((zip_with_link, "a.zip"), (tar_with_link, "a.tgz")):
        message = refused(write(tmp_path, file, packed("LONGULT.txt", "/etc/passwd")))
        assert "holds LONGULT.txt, which is a link or a device" in message


def test_a_link_in_a_folder(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside.txt", b"x")
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "LONGULT.txt").symlink_to(outside)
    assert "links are not followed" in refused(folder)


def test_an_encrypted_zip(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "a.zip", encrypted_zip("LONGULT.txt")))
    assert "a.zip is encrypted (LONGULT.txt asks for a password)" in message


def test_a_zip_in_a_method_that_can_t_be_read(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "a.zip", in_method("a.txt", 9)))
    assert "Unpack it with the program that made it" in message


def test_a_zip_bomb_by_its_ratio(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "a.zip", zipped({"a.txt": bytes(99_000)})), SMALL)
    assert "unpacks to more than 50 times its packed size" in message


def test_a_zip_bomb_within_a_zip(tmp_path: Path) -> None:
    bomb = zipped({"inner.zip": zipped({"a.txt": bytes(99_000)})})
    message = refused(write(tmp_path, "a.zip", bomb), SMALL)
    assert message.startswith("a.zip/inner.zip/a.txt unpacks to more than 50 times")


def test_a_tgz_bomb(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "a.tgz", gzipped_tar({"a.txt": bytes(60_000)})), SMALL)
    assert "unpacks to more than 50 times its packed size" in message


def test_a_sparse_file_in_a_tgz(tmp_path: Path) -> None:
    path = write(tmp_path, "a.tgz", sparse_tar("a.txt", 40 << 30))
    assert path.stat().st_size < 300
    assert "a.tgz holds a.txt as a sparse file" in refused(path)


@pytest.mark.parametrize("size", [-512, -1024, -(1 << 40)])
def test_a_negative_size_in_a_tgz(tmp_path: Path, size: int) -> None:
    packed = tar_of_header("a/", {124: (256**12 + size).to_bytes(12, "big"), 156: b"5"})
    message = refused(write(tmp_path, "a.tgz", packed))
    assert message.startswith("a.tgz is damaged or was cut short")


def test_files_of_a_tgz_count_against_the_limit(tmp_path: Path) -> None:
    packed = gzipped_tar({f"{n}.txt": os.urandom(20_000) for n in range(3)})
    message = refused(write(tmp_path, "a.tgz", packed), SMALL)
    assert "more than 100,000 bytes come out of the source" in message


def test_a_gzipped_file_cut_short(tmp_path: Path) -> None:
    packed = gzip.compress(os.urandom(5_000))[:-40]
    message = refused(write(tmp_path, "a.csv.gz", packed))
    assert message.startswith("a.csv.gz is damaged or was cut short")


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", b"one\ntwo\n")
    with open_source(tmp_path) as source:
        (entry,) = source.entries()
        lines = entry.lines()
        assert next(lines) == (1, "one")
        with path.open("ab") as longer:
            longer.write(b"three\n")
        for read in (lambda: list(lines), entry.read):
            with pytest.raises(UnreadableSource, match=r"a\.txt was changed while it was read"):
                read()


def test_many_files_that_are_large_together(tmp_path: Path) -> None:
    packed = zipped({f"{n}.txt": os.urandom(20_000) for n in range(6)})
    message = refused(write(tmp_path, "a.zip", packed), SMALL)
    assert "more than 100,000 bytes come out of the source" in message


def test_the_size_that_a_zip_claims_is_not_believed(tmp_path: Path) -> None:
    packed = bytearray(zipped({"a.txt": bytes(99_000)}))
    directory = packed.index(b"PK\x01\x02")
    packed[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    refused(write(tmp_path, "a.zip", bytes(packed)), SMALL)


def test_archives_too_deep_in_one_another(tmp_path: Path) -> None:
    packed = zipped({"a.txt": b"x"})
    for _ in range(3):
        packed = zipped({"inner.zip": packed})
    assert "more than 2 deep" in refused(write(tmp_path, "a.zip", packed))


def test_too_many_files(tmp_path: Path) -> None:
    packed = zipped({f"{n}": b"" for n in range(11)})
    message = refused(write(tmp_path, "a.zip", packed), Limits(entries=10))
    assert "holds more than 10 files" in message


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"Rar!\x1a", "RAR"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
    ],
)
def test_foreign_files_are_named(tmp_path: Path, start: bytes, name: str) -> None:
    assert name in refused(write(tmp_path, "delivery", start + b"rest"))


def test_the_same_file_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "two")
    assert "holds a.txt twice" in refused(path)
