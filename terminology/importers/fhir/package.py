"""Which files of a source hold resources to load, and what a package says of them.

The NPM Package Specification of FHIR, https://hl7.org/fhir/packages.html: a package's resources
lie in its folder `package`, beside `package.json`; what lies in other folders, such as examples, is
no part of what the package defines.
"""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from terminology.errors import InvalidInput, MalformedInput
from terminology.fhir.files import Versions, resources_in, versions_named
from terminology.fhir.json import decode_any
from terminology.importers.entry import Entry, readable
from terminology.importers.problems import UnreadableSource
from terminology.importers.source import Source

_MANIFEST = "package.json"
_SUFFIXES = (".json", ".xml")
_BESIDE = frozenset({"example", "examples", "openapi", "other", "rdf", "test", "tests", "xml"})
"""Folders of a package whose files are no part of what it defines."""
_GUIDE = "implementationguide-"
_START = 1 << 16
_CORE = re.compile(r"hl7\.fhir\.r\w+\.core")


class Files(msgspec.Struct, frozen=True):
    """What is to be read of a source.

    Attributes:
        entries: the files that may hold resources.
        left_out: how many others there are, by what they are.
        versions: the FHIR versions that the resources may be of.
        name: of the package, or of what was named.
        version: of the package, None where there is no package.
        title: of the package, empty where it has none.
    """

    entries: list[Entry]
    left_out: Counter[str]
    versions: Versions
    name: str
    version: str | None = None
    title: str = ""


def files_of(source: Source) -> Files:
    """Choose the files.

    Raises:
        InvalidInput: there are several packages, or one of a FHIR version that can't be read.
    """
    packages = [(e, said) for e in source.entries() if (said := _manifest(e)) is not None]
    if len(packages) > 1:
        names = ", ".join(entry.label for entry, _ in packages)
        raise InvalidInput(f"There are several packages ({names}): load one at a time.")
    if not packages:
        entries, left_out = _sorted_out(source.entries(), None)
        return Files(entries, left_out, _of_guide(entries), readable(source.path.resolve().name))
    entry, said = packages[0]
    root = entry.name.rpartition("/")[0]
    entries, left_out = _sorted_out(source.entries(), root)
    return Files(
        entries,
        left_out,
        versions_named(said.fhir),
        said.name,
        said.version,
        said.title,
    )


def recognise(source: Source) -> str | None:
    """Tell whether there is a package, or a file that begins as a resource."""
    entries = source.entries()
    candidates = [e for e in entries if _may_hold(e, alone=len(entries) == 1)]
    for entry in entries:
        if _manifest(entry) is not None:
            return f"{entry.name} is that of a FHIR package"
    for entry in candidates:
        if _begins_as_resource(entry.start(_START)):
            return f"{entry.name} is a FHIR resource"
    for entry in candidates:
        # A resourceType need not stand first.
        if entry.start(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _holds_any(entry):
            return f"{entry.name} is a FHIR resource"
    return None


def _may_hold(entry: Entry, *, alone: bool) -> bool:
    """Whether a file is looked at: by its name, or since it is the only one."""
    return alone or entry.base.lower().endswith(_SUFFIXES)


def _begins_as_resource(start: bytes) -> bool:
    if b"\0" in start:  # UTF-16, which XML may be in
        start = start.replace(b"\0", b"")
    text = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if text.startswith(b"{"):
        return b'"resourceType"' in text
    return text.startswith(b"<") and b"http://hl7.org/fhir" in text


def _holds_any(entry: Entry) -> bool:
    try:
        return any(True for _ in resources_in(entry.read()))
    except MalformedInput:
        return False


class _Manifest(msgspec.Struct, frozen=True):
    """What is read of a package's manifest."""

    name: str = ""
    version: str = ""
    title: str = ""
    fhir_versions: list[str] = msgspec.field(name="fhirVersions", default=[])
    version_list: list[str] = msgspec.field(name="fhir-version-list", default=[])
    dependencies: dict[str, str] = {}

    @property
    def fhir(self) -> list[str]:
        """The FHIR versions that it names; early packages do by the core package they need."""
        cores = [v for name, v in self.dependencies.items() if _CORE.fullmatch(name)]
        return self.fhir_versions or self.version_list or cores


def _manifest(entry: Entry) -> _Manifest | None:
    """What the manifest of a FHIR package says; None for other files."""
    if entry.base != _MANIFEST:
        return None
    try:
        said = msgspec.convert(decode_any(entry.read()), _Manifest)
    except MalformedInput as error:
        raise UnreadableSource(f"{entry.label}: {error.message}") from None
    except msgspec.ValidationError as error:
        raise UnreadableSource(f"{entry.label} is no manifest of a package: {error}.") from None
    if not said.fhir:
        return None
    if not said.name or not said.version:
        raise UnreadableSource(f"{entry.label} names no name or no version of the package.")
    return said


def _sorted_out(entries: Iterable[Entry], root: str | None) -> tuple[list[Entry], Counter[str]]:
    chosen: list[Entry] = []
    left_out: Counter[str] = Counter()
    # By name, so that the same files are the same load however they were packed.
    listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        aside = None if root is None else _aside(entry, root)
        if root is not None and entry.base == _MANIFEST:
            continue
        if aside is not None:
            left_out[f"in the package's folder {aside}"] += 1
        elif not _may_hold(entry, alone=len(listed) == 1):
            left_out["neither JSON nor XML by name"] += 1
        else:
            chosen.append(entry)
    return chosen, left_out


def _aside(entry: Entry, root: str) -> str | None:
    """The folder that makes a file no part of what a package defines, None where there is none."""
    inside = entry.name.removeprefix(f"{root}/") if root else entry.name
    if root and inside == entry.name:
        return entry.name.split("/")[0]
    return next((part for part in inside.split("/")[:-1] if part.lower() in _BESIDE), None)


def _of_guide(entries: Iterable[Entry]) -> Versions:
    """The versions that the implementation guides among the files are written for."""
    named: list[str] = []
    for entry in entries:
        if entry.base.lower().startswith(_GUIDE):
            try:
                for found in resources_in(entry.read()):
                    named += found.texts("fhirVersion")
            except MalformedInput:
                continue  # it is told of when it is read as all others
    return versions_named(named)
