"""Archives for tests: sound ones, and ones that were made to do harm or came to it."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path


def zipped(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, compression)
    return buffer.getvalue()


def gzipped_tar(files: Mapping[str, bytes]) -> bytes:
    """A gzipped tar file, as FHIR packages are."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def tar_with_link(name: str, target: str) -> bytes:
    """A gzipped tar file with a symbolic link in it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.type = tarfile.SYMTYPE
        member.linkname = target
        archive.addfile(member)
    return buffer.getvalue()


def tar_of_header(name: str, changes: Mapping[int, bytes]) -> bytes:
    """A gzipped tar file of one empty member, with other bytes in some places of its header."""
    header = bytearray(tarfile.TarInfo(name).tobuf(tarfile.GNU_FORMAT))
    for place, value in changes.items():
        header[place : place + len(value)] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return gzip.compress(bytes(header) + bytes(1024))


def sparse_tar(name: str, size: int) -> bytes:
    """A gzipped tar file of one sparse member in GNU's old form, blank up to its end."""
    end = b"%011o\0" % size if size < 8**11 else b"\x80" + size.to_bytes(11, "big")
    return tar_of_header(name, {156: tarfile.GNUTYPE_SPARSE, 386: end, 398: b"0" * 12, 483: end})


def zip_with_link(name: str, target: str) -> bytes:
    """A zip file with a symbolic link in it, as Unix programs pack one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        archive.writestr(info, target)
    return buffer.getvalue()


def encrypted_zip(name: str) -> bytes:
    """A zip file whose only member is marked as encrypted, in both of its headers."""
    packed = bytearray(zipped({name: b"secret"}, zipfile.ZIP_STORED))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def in_method(name: str, method: int) -> bytes:
    """A zip file whose member claims a compression method; 9 is Deflate64, which Windows uses."""
    packed = bytearray(zipped({name: b"text"}, zipfile.ZIP_STORED))
    packed[8] = method
    packed[packed.index(b"PK\x01\x02") + 10] = method
    return bytes(packed)


def write(folder: Path, name: str, content: bytes) -> Path:
    """A file in a folder, its own folders made."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
