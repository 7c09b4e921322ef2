"""ICD-10-PCS and ICD-10-CM as code systems: order files, and of ICD-10-CM the tabular list in XML.

Headers of an order file are concepts that stand for what is below them, and not codes. Of
ICD-10-CM either file can be loaded alone, or both: then the order file says what the codes are,
which of them are valid and what they are called, and the tabular list what is above them and the
notes to them. Addenda, which say what has changed since the release before, are passed over.
https://www.cms.gov/medicare/coding-billing/icd-10-codes
https://www.cdc.gov/nchs/icd/icd-10-cm/files.html
"""

from collections.abc import Iterator, Sequence

from terminology.errors import InvalidInput
from terminology.importers.delivery import Delivery, Options, Placed, SystemLoad, read_files
from terminology.importers.entry import Entry
from terminology.importers.icd10 import tabular
from terminology.importers.icd10.concepts import concept_of, dotted, head_of
from terminology.importers.icd10.joined import joined
from terminology.importers.icd10.order import CM, PCS, kind_of, read_rows
from terminology.importers.icd10.releases import release_of
from terminology.importers.icd10.sevenths import PLACES
from terminology.importers.problems import Tally, UnreadableSource
from terminology.importers.source import Source

PROCEDURES, DIAGNOSES = "icd10pcs", "icd10cm"


def recognise_procedures(source: Source) -> str | None:
    """Tell whether a source holds an order file of ICD-10-PCS."""
    found = _orders(source, PCS)
    return f"{found[0].name} is an order file of ICD-10-PCS" if found else None


def recognise_diagnoses(source: Source) -> str | None:
    """Tell whether a source holds an order file or the tabular list of ICD-10-CM."""
    found = _orders(source, CM)
    if found:
        return f"{found[0].name} is an order file of ICD-10-CM"
    lists = _lists(source)
    return f"{lists[0].name} is the tabular list of ICD-10-CM" if lists else None


def read_procedures(source: Source, options: Options) -> Delivery:
    """Read ICD-10-PCS as a release.

    Raises:
        InvalidInput: there is no order file or more than one, or nothing tells the release.
    """
    order = _only(_orders(source, PCS), source)
    if order is None:
        raise UnreadableSource(f"{source.path} holds no order file of ICD-10-PCS.")
    tally = Tally(options.threshold)
    return _delivery(PCS, source, [order], options, tally, _of_order(order, PCS, tally))


def read_diagnoses(source: Source, options: Options) -> Delivery:
    """Read ICD-10-CM as a release.

    Raises:
        InvalidInput: there is neither of both files or more than one of them, nothing tells the
            release, or the files are of several.
    """
    order, listed = _only(_orders(source, CM), source), _only(_lists(source), source)
    tally = Tally(options.threshold)
    if order is not None and listed is not None:
        concepts = joined(order, listed, tally)
    elif order is not None:
        concepts = _of_order(order, CM, tally)
        tally.remark("There is no tabular list: codes are without chapters, sections and notes.")
    elif listed is not None:
        concepts = _of_list(listed, tally)
        tally.remark(
            "There is no order file: whether a code is valid is told by what is below it, and codes"
            " with a seventh character are put together by the rules of the tabular list."
        )
    else:
        raise UnreadableSource(f"{source.path} holds no file of ICD-10-CM.")
    entries = [entry for entry in (order, listed) if entry is not None]
    return _delivery(CM, source, entries, options, tally, concepts)


def _orders(source: Source, kind: str) -> list[Entry]:
    return [entry for entry in source.entries() if kind_of(entry) == kind]


def _lists(source: Source) -> list[Entry]:
    return [entry for entry in source.entries() if tabular.looks_like(entry)]


def _only(entries: Sequence[Entry], source: Source) -> Entry | None:
    """The file; two of the same content are one."""
    if len({entry.sha256 for entry in entries}) > 1:
        raise InvalidInput(
            f"{source.path} holds {entries[0].name} and {entries[1].name}: load one release at a"
            " time."
        )
    return entries[0] if entries else None


def _delivery(
    kind: str,
    source: Source,
    entries: list[Entry],
    options: Options,
    tally: Tally,
    concepts: Iterator[Placed],
) -> Delivery:
    stated = [year for entry in entries if (year := tabular.year_of(entry))]
    release = release_of(source, entries, stated, options)
    head = head_of(kind, release.version)
    return Delivery(
        kind=PROCEDURES if kind == PCS else DIAGNOSES,
        version=release.version,
        title=head["title"],
        effective=release.effective,
        files=read_files(entries),
        tally=tally,
        systems=[SystemLoad(head, concepts)],
    )


def _of_order(entry: Entry, kind: str, tally: Tally) -> Iterator[Placed]:
    """The rows of an order file, each under the header that its code begins with."""
    headers: dict[str, tuple[int]] = {}
    shown = dotted if kind == CM else str
    for number, (code, valid, short, long) in enumerate(read_rows(entry, kind, tally)):
        parents: tuple[int, ...] = ()
        for length in range(len(code) - 1, 2, -1):
            found = headers.get(code[:length])
            if found is not None:
                parents = found
                break
        if not valid:
            headers[code] = (number,)
        yield Placed(concept_of(shown(code), long, short, None, valid=valid), parents)
    tally.finish()


def _of_list(entry: Entry, tally: Tally) -> Iterator[Placed]:
    """What the tabular list holds, and the codes with a seventh character."""
    above: dict[str, tuple[int]] = {}
    number = 0
    for node in tabular.read_nodes(entry, tally):
        parents = above.get(node.parent, ()) if node.parent is not None else ()
        yield Placed(tabular.concept_of_node(node), parents)
        if not node.is_leaf:
            above[node.code] = (number,)
        number += 1
        if node.sevenths:
            stem, place = dotted(node.code.ljust(PLACES, "X")), (number - 1,)
            for character, text in node.sevenths.items():
                long = f"{node.text}, {text}"
                concept = concept_of(stem + character, long, "", None, valid=True)
                yield Placed(concept, place)
            number += len(node.sevenths)
    tally.finish()
