"""From files to a release: read, checked, written whole or not at all, told of."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from terminology.importers.delivery import Delivery, Options, PairLoad, ReleaseHead
from terminology.importers.delivery import SystemLoad as ReadSystem
from terminology.importers.delivery import TableLoad as ReadTable
from terminology.importers.losses import losses
from terminology.importers.naming import Names
from terminology.importers.origin import document_id, document_of, provenance_of
from terminology.importers.problems import Tally
from terminology.importers.registry import kind_of, read
from terminology.importers.source import Source, open_source
from terminology.model import Json
from terminology.store.base import SCHEMA_VERSION, Store
from terminology.store.catalogue import SHIPPED, LoadedFile, Release
from terminology.store.contents import Contents, SystemLoad, TableLoad
from terminology.store.differences import Difference, differences
from terminology.store.repository import Repository, Session
from terminology.tree import PlacedConcept


class Watcher(Protocol):
    """Is told how far a load is."""

    def opened(self, source: Source) -> None:
        """The files are there, and are looked at."""

    def started(self, delivery: Delivery) -> None:
        """They are what they should be, and go into the store."""


class _Nobody:
    def opened(self, source: Source) -> None:
        """Nothing comes of it."""

    def started(self, delivery: Delivery) -> None:
        """Nothing comes of it."""


_NOBODY = _Nobody()


class Loaded(NamedTuple):
    """What came of a load."""

    release: Release
    is_new: bool
    """Whether it was written now; the same files with the same options are there but once."""
    is_active: bool
    tally: Tally | None = None
    differences: tuple[Difference, ...] = ()


class Order(NamedTuple):
    """What is to be loaded, by whom."""

    kind: str
    path: Path
    options: Options
    by: str
    activate: bool = True


def load(repository: Repository, order: Order, watcher: Watcher = _NOBODY) -> Loaded:
    """Load files as a release.

    Args:
        repository: where it goes.
        order: the files, and what was said of them.
        watcher: is told how far it is.

    Returns:
        The release, and what is to be told of it.

    Raises:
        InvalidInput: the files are not of the kind, or too much in them is wrong.
        NotSupported: there is no such kind.
        StoreUnavailable: the store can't be written now; as with any error it is as it was.
    """
    kind_of(order.kind)
    with open_source(order.path) as source:
        watcher.opened(source)
        delivery = read(order.kind, source, order.options)
        draft = _draft(delivery, order)
        known = _known(repository, draft)
        if known is not None:
            return known
        watcher.started(delivery)
        with repository.writing() as session:
            # Another process may have loaded the same files meanwhile.
            known = _known(repository, draft)
            if known is not None:
                return known
            return _write(repository, session, delivery, draft, order)


def _known(repository: Repository, draft: Release) -> Loaded | None:
    """The release that the same files are already."""
    catalogue = repository.reading()
    for known in catalogue.releases():
        if known.fingerprint == draft.fingerprint:
            active = catalogue.activation().releases
            return Loaded(known, is_new=False, is_active=known.key in active)
    return None


def _write(
    repository: Repository, session: Session, delivery: Delivery, draft: Release, order: Order
) -> Loaded:
    written = _Written(delivery, draft, _names(repository, session))
    store = session.write(written.contents())
    catalogue = repository.reading()
    previous = _previous(catalogue.releases(), catalogue.activation().releases, draft)
    found = differences(session.part(previous), store) if previous else []
    tally, counts = delivery.tally, _counts(store)
    lost = list(losses(previous, found, counts)) if previous else []
    release = msgspec.structs.replace(
        draft,
        key=session.key,
        counts=counts,
        problems=tally.count,
        remarks=[*lost, *tally.remarks],
        compared=previous.name if previous else None,
        changes=[{"what": one.what, "counts": one.counts} for one in found],
    )
    added = session.commit(release, activate=order.activate)
    return Loaded(added, True, order.activate, tally, tuple(found))


def _names(repository: Repository, session: Session) -> Names:
    """The ids that are taken: by what ships, what is active, and what may be activated again."""
    view, catalogue = repository.open(), repository.reading()
    active = catalogue.activation().releases
    others = (r for r in catalogue.releases() if r.kind != SHIPPED and r.key not in active)
    return Names([view.store, *map(session.part, others)])


def _draft(delivery: Delivery, order: Order) -> Release:
    slot = slot_of(delivery)
    files = [LoadedFile(*file) for file in delivery.files]
    return Release(
        name=slot,
        slot=slot,
        kind=delivery.kind,
        version=delivery.version,
        title=delivery.title,
        effective=delivery.effective,
        fingerprint=_fingerprint(delivery, order.options),
        notice=delivery.notice,
        files=files,
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        loaded_by=order.by,
    )


def slot_of(delivery: Delivery) -> str:
    """The name of a release without a number: kind, version and settings, fit for a command."""
    heads = [*(load.head for load in delivery.tables), *(load.head for load in delivery.pairs)]
    settings = sorted({head.setting for head in heads if head.setting})
    version = delivery.version
    named = [version] if delivery.kind == "fhir" and "#" in version else [delivery.kind, version]
    return _fit("-".join((*named, *settings)))


def _fit(text: str) -> str:
    """A name with nothing in it that a shell or a file system would take for something else."""
    return re.sub(r"[^A-Za-z0-9._#-]+", "-", text)


def _fingerprint(delivery: Delivery, options: Options) -> str:
    said = (
        SCHEMA_VERSION,
        delivery.kind,
        delivery.version,
        delivery.effective or "",
        str(options.accept_license),
        *(f"{file.name} {file.sha256}" for file in delivery.files),
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _previous(
    releases: Iterable[Release], active: frozenset[int], draft: Release
) -> Release | None:
    """The release to compare with: of the same kind and settings, and not a later one.

    Of these the one whose place it takes; else the last that is active, which is what answers
    today; else the last that was loaded.
    """
    before = [
        release
        for release in releases
        if release.kind == draft.kind != SHIPPED
        and _without_version(release) == _without_version(draft)
        and (release.effective or "") <= (draft.effective or "~")
    ]

    def rank(release: Release) -> tuple[bool, bool, str, int]:
        is_active = release.key in active
        is_same = is_active and release.slot == draft.slot
        return is_same, is_active, release.effective or "", release.key

    return max(before, key=rank, default=None)


def _without_version(release: Release) -> str:
    """What releases of the same have in common: the name of a package, or the settings."""
    package, mark, _ = release.version.partition("#")
    return package if mark else release.slot.replace(_fit(release.version), "", 1)


def _counts(store: Store) -> dict[str, int]:
    counts = {
        "concepts": sum(store.size(head.key) for head in store.heads("CodeSystem")),
        **store.resource_counts(),
    }
    for table in store.table_releases():
        named = f"rows of {' '.join(filter(None, (table.table, table.setting)))}"
        counts[named] = table.rows
    origins = ("DocumentReference", "Provenance")
    return {name: n for name, n in counts.items() if n and name not in origins}


class _Written:
    """A delivery as a store takes it, with where it comes from."""

    def __init__(self, delivery: Delivery, draft: Release, names: Names) -> None:
        self._delivery = delivery
        self._draft = draft
        self._names = names
        self._targets: list[str] = []

    def contents(self) -> Contents:
        delivery, source = self._delivery, document_id(self._draft)
        return Contents(
            systems=map(self._system, delivery.systems),
            resources=self._resources(),
            tables=(
                *(_table(load, source) for load in delivery.tables),
                *(_pairs(load, source) for load in delivery.pairs),
            ),
        )

    def _system(self, load: ReadSystem) -> SystemLoad:
        head = self._names.named(load.head)
        self._targets.append(f"CodeSystem/{head['id']}")
        return SystemLoad(head, _placed(load))

    def _resources(self) -> Iterator[Json]:
        for resource in map(self._names.named, self._delivery.resources):
            self._targets.append(f"{resource['resourceType']}/{resource.get('id')}")
            yield resource
        yield document_of(self._draft)
        yield provenance_of(self._draft, self._targets)


def _placed(load: ReadSystem) -> Iterator[PlacedConcept]:
    for ordinal, (concept, parents) in enumerate(load.concepts):
        yield PlacedConcept(ordinal, concept, parents[0] if parents else None)


def _table(load: ReadTable, source: str) -> TableLoad:
    rows = ({**row, "code": code, "modifier": modifier} for code, modifier, row in load.rows)
    return TableLoad(**_named(load.head, source), rows=rows)


def _pairs(load: PairLoad, source: str) -> TableLoad:
    return TableLoad(**_named(load.head, source), dated=True, pairs=load.rows)


def _named(head: ReleaseHead, source: str) -> Json:
    return {**msgspec.structs.asdict(head), "source": source}
