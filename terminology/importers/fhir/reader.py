"""FHIR resources as a delivery: those that the service serves, each checked before any is loaded.

A code system of many concepts comes as a head with a stream of them; one of few, or one whose
concepts say more than the model knows, ids of elements for instance, comes as it is.
"""

import hashlib
import re
from collections import Counter
from decimal import Decimal

import msgspec

from terminology.errors import InvalidInput, MalformedInput
from terminology.fhir.files import FoundResource, Incoming, resources_in
from terminology.fhir.json import Json
from terminology.importers.dates import named_day
from terminology.importers.delivery import Delivery, Options, ReadFile, read_files
from terminology.importers.entry import Entry
from terminology.importers.fhir.identity import Identities, digest_of
from terminology.importers.fhir.kept import Kept, Written, placed
from terminology.importers.fhir.package import Files, files_of, recognise
from terminology.importers.fhir.zeros import fault_of, may_have_zero
from terminology.importers.problems import Tally, UnreadableSource
from terminology.importers.source import Source
from terminology.model import CodeSystem
from terminology.store.search.params import SEARCHED_TYPES

__all__ = ["KIND", "read", "recognise"]

KIND = "fhir"
TYPES = frozenset(SEARCHED_TYPES) - {"StructureDefinition"}
"""What is loaded: all that is served but profiles, which nothing here is checked against, and whose
R4 elements have no R5 form."""
MANY = 5_000
"""Up to so many concepts a store keeps a code system as one resource as well."""
_LINE = re.compile(r"\bline (\d+)")
_TOLD = 5


def read(source: Source, options: Options) -> Delivery:
    """Read the resources of a package, a folder, an archive or a file.

    A resource that can't be read is a bad row. Those of a type that is not served are left out and
    counted in a remark, as are files without any.

    Raises:
        InvalidInput: there are several packages, one of a FHIR version that can't be read, nothing
            to load, or more bad resources than are allowed.
    """
    files = files_of(source)
    if files.version and options.version not in (None, files.version):
        raise InvalidInput(
            f"The package says that it is version {files.version} of {files.name}; leave out"
            " --version."
        )
    reading = _Reading(source, files, Tally(options.threshold))
    for entry in files.entries:
        reading.read(entry)
    reading.finish()
    sums = read_files(files.entries)
    version = files.version or options.version or _version_of(sums)
    name = files.title or files.name
    return Delivery(
        kind=KIND,
        version=f"{files.name}#{version}",
        title=f"{name} {version}" if files.version else f"FHIR resources of {name}",
        effective=named_day(options.effective, "--effective") if options.effective else None,
        files=sums,
        tally=reading.tally,
        systems=reading.kept.systems(),
        resources=reading.kept.resources(),
    )


def _version_of(files: list[ReadFile]) -> str:
    """What stands for the version of files that have none together: the hash of them."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.sha256}\0".encode())
    return digest.hexdigest()[:12]


class _Reading:
    """One pass over the files.

    Attributes:
        kept: the resources.
        tally: counts them, and those that are bad.
    """

    def __init__(self, source: Source, files: Files, tally: Tally) -> None:
        self.kept = Kept(source.scratch(), tally)
        self.tally = tally
        self._source = source
        self._files = files
        self._known = Identities()
        self._left_out: Counter[str] = Counter()
        self._without = 0
        self._again = 0
        self._may_have_zero = False

    def read(self, entry: Entry) -> None:
        """Read a file."""
        found = None
        try:
            body = entry.read()
            self._may_have_zero = may_have_zero(body)
            for found in resources_in(body):
                if found.type in TYPES:
                    self.tally.rows += 1
                    self._take(found, entry)
                else:
                    self._left_out[found.type] += 1
            if found is None and body.strip() == b"null":
                raise MalformedInput("It holds `null` in the place of a resource.")
        except MalformedInput as error:
            self.tally.rows += 1
            self._bad(entry, error.message)
        else:
            self._without += found is None

    def _take(self, found: FoundResource, entry: Entry) -> None:
        at = f"{found.path}: " if found.path else ""
        try:
            incoming = found.read(self._files.versions)
            fault = fault_of(incoming) if self._may_have_zero else ""
            if fault:
                raise MalformedInput(fault)
            self._keep(incoming, entry, at)
        except MalformedInput as error:
            self._bad(entry, f"{at}{error.message}")

    def _keep(self, incoming: Incoming, entry: Entry, at: str) -> None:
        resource, written = self._split(incoming)
        digest = digest_of(resource, written.digest if written else b"")
        verdict = self._known.judge(resource, digest, entry.label)
        if verdict.fault:
            raise MalformedInput(verdict.fault)
        if verdict.is_known:
            self._again += 1
            return
        if verdict.remark:
            self.tally.remark(verdict.remark)
        for name in dict.fromkeys(incoming.repeated):
            self.tally.remark(
                f"{entry.label}: {at}{name} stands there more than once;"
                f" {'all of it' if name == 'copyright' else 'the first'} was taken."
            )
        resource = {**resource, "id": verdict.id}
        if written is None:
            self.kept.add(resource)
        else:
            self.kept.add_system(resource, written)

    def _split(self, incoming: Incoming) -> tuple[Json, Written | None]:
        """The resource without its concepts and these, or the whole and nothing."""
        resource, concepts = incoming.resource, incoming.concepts
        if resource["resourceType"] != "CodeSystem":
            return resource, None
        if concepts is None:
            placed(msgspec.convert(resource, CodeSystem).concept)
            return resource, None
        rows = placed(concepts)
        if len(rows) > MANY:
            return resource, self.kept.write(rows)
        listed = {"concept": msgspec.to_builtins(concepts, builtin_types=[Decimal])}
        return resource | (listed if rows else {}), None

    def _bad(self, entry: Entry, reason: str) -> None:
        line = _LINE.search(reason)
        self.tally.bad(entry.label, int(line[1]) if line else 0, reason.rstrip("."))

    def finish(self) -> None:
        """Say what was left out, and stop where nothing is left or too much was bad."""
        if self._left_out:
            told = ", ".join(f"{n} {name}" for name, n in sorted(self._left_out.items()))
            self.tally.remark(f"Resources of types that are not loaded: {told}.")
        if self._again:
            self.tally.remark(
                "Resources that stand there again with the same content, and are loaded once:"
                f" {self._again}."
            )
        others = Counter(self._files.left_out)
        if self._without:
            others["without a FHIR resource"] = self._without
        if others:
            told = ", ".join(f"{n} {what}" for what, n in sorted(others.items()))
            self.tally.remark(f"Files that were left out: {told}.")
        if not self.tally.rows:
            raise UnreadableSource(
                f"{self._source.path} holds no resource to load."
                f" {' '.join(self.tally.remarks[:_TOLD])}".rstrip()
            )
        self.tally.finish()
