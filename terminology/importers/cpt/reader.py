"""CPT as a code system, of the AMA's delivery as a folder or a zip file.

Names and layouts of the files are those of the AMA's own programs that read them
(https://github.com/american-medical-association). The long descriptor is the display, as HL7's page
prefers (https://terminology.hl7.org/CPT.html); all others are designations. Codes that were deleted
stay as inactive concepts. Whether a code may be used by telemedicine is in none of the files, and
so it is not said.
"""

from terminology.importers.cpt import files as names
from terminology.importers.cpt.concepts import (
    CLINICIAN,
    CONSUMER,
    MEDIUM,
    SHORT,
    UPPER,
    Parts,
    concepts,
)
from terminology.importers.cpt.descriptors import CODE, Descriptors, differences, read_descriptors
from terminology.importers.cpt.files import files_of
from terminology.importers.cpt.head import head_of
from terminology.importers.cpt.history import Past, read_deletions, read_history
from terminology.importers.cpt.laboratory import read_analyses
from terminology.importers.cpt.modifiers import read_modifiers
from terminology.importers.cpt.tables import records
from terminology.importers.cpt.year import year_of
from terminology.importers.dates import first_of, named_day
from terminology.importers.delivery import Delivery, Options, Placed, SystemLoad, read_files
from terminology.importers.entry import Entry
from terminology.importers.problems import LicenseNotAccepted, Tally, UnreadableSource
from terminology.importers.source import Source

KIND = "cpt"
_SHOWN = 1_500
"""So many letters of a notice are shown; the whole of it is kept."""
_TABLES = {
    names.CONSUMER: (CONSUMER, "CONSUMER FRIENDLY DESCRIPTOR"),
    names.CLINICIAN: (CLINICIAN, "CLINICIAN DESCRIPTOR"),
}
_OTHERS = {names.MEDIUM: MEDIUM, names.SHORT: SHORT, names.LONG_UPPER: UPPER}


def recognise(source: Source) -> str | None:
    """Tell whether a source holds a file of long descriptors by the AMA's names."""
    for entry in source.entries():
        if any(names.NAMES[role].fullmatch(entry.base) for role in names.LONGS):
            return f"{entry.name} is named as the AMA names CPT's long descriptors"
    return None


def read(source: Source, options: Options) -> Delivery:
    """Read a delivery as a release.

    Raises:
        LicenseNotAccepted: nobody said that they hold the AMA's license; the notice is shown.
        InvalidInput: the year is not clear, a file is there twice or is not what its name says, or
            too much in the files can't be read or differs between them.
    """
    found = files_of(source)
    tally = Tally(options.threshold)
    long = _long(found, source, tally)
    if not options.accept_license:
        raise LicenseNotAccepted(_refusal(long.notice))
    texts = [long.notice]
    if names.MODIFIERS in found:
        texts.append(found[names.MODIFIERS].start(1 << 14).decode("utf-8", "replace"))
    version = year_of(source.path, source.entries(), texts, options.version)
    effective = first_of(int(version), 1)
    if options.effective:
        effective = named_day(options.effective, "--effective")
    parts = _parts(long, found, tally)
    tally.finish()
    head = head_of(version, long.notice)
    return Delivery(
        kind=KIND,
        version=version,
        title=head["title"],
        effective=effective,
        notice=long.notice,
        files=read_files(found.values()),
        tally=tally,
        systems=[SystemLoad(head, (Placed(c) for c in concepts(parts, effective)))],
    )


def _refusal(notice: str) -> str:
    shown = notice[:_SHOWN] + (" ..." if len(notice) > _SHOWN else "")
    return (
        "CPT is the American Medical Association's and is loaded for its license holders alone. If"
        " you hold a license, say so (--accept-license). The notice of the files reads:\n\n"
        f"{shown or 'The files have no notice.'}"
    )


def _long(found: dict[str, Entry], source: Source, tally: Tally) -> Descriptors:
    for role in names.LONGS:
        if role in found:
            return read_descriptors(found[role], tally, wrapped=role == names.LONG_WRAPPED)
    raise UnreadableSource(f"{source.path} holds neither LONGULT.txt nor LONGULF.txt.")


def _parts(long: Descriptors, found: dict[str, Entry], tally: Tally) -> Parts:
    parts = Parts(long=long.texts)
    same = [long]
    for role, use in _OTHERS.items():
        if role in found:
            read = read_descriptors(found[role], tally)
        elif role == names.LONG_UPPER and names.LONG_UPPER_WRAPPED in found:
            read = read_descriptors(found[names.LONG_UPPER_WRAPPED], tally, wrapped=True)
        else:
            tally.remark(f"The delivery has no {role}.txt; codes are without its descriptors.")
            continue
        same.append(read)
        parts.others[use] = {code: [text] for code, text in read.texts.items()}
    differences(same, tally)
    for role, (use, column) in _TABLES.items():
        if role in found:
            parts.others[use] = _table(found[role], column, tally)
    _rest(parts, found, tally)
    return parts


def _table(entry: Entry, column: str, tally: Tally) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for line, (code, text) in records(entry, ("CPT CODE", column), tally):
        if CODE.fullmatch(code) and text:
            texts.setdefault(code, []).append(text)
        else:
            tally.bad(entry.label, line, f"{code!r} is no code, or has no text")
    return texts


def _rest(parts: Parts, found: dict[str, Entry], tally: Tally) -> None:
    if names.MODIFIERS in found:
        parts.modifiers = read_modifiers(found[names.MODIFIERS], tally)
    else:
        tally.remark("The delivery has no MODUL.txt: it is loaded without modifiers.")
    if names.LABORATORY in found:
        parts.analyses = read_analyses(found[names.LABORATORY], tally)
    if names.DELETED in found:
        parts.deletions = read_deletions(found[names.DELETED], tally)
    else:
        tally.remark("The delivery has no file of deleted codes: they can't be told from unknown.")
    parts.past = _past(found, tally)
    if names.ORTHOPOX in found:
        lines = found[names.ORTHOPOX].lines()
        parts.orthopox = frozenset(line[:5] for _, line in lines if CODE.match(line))


def _past(found: dict[str, Entry], tally: Tally) -> dict[str, Past]:
    past: dict[str, Past] = {}
    if names.HISTORY in found:
        past = read_history(found[names.HISTORY], "CPT CODE", tally)
    if names.MODIFIER_HISTORY in found:
        past |= read_history(found[names.MODIFIER_HISTORY], "MODIFIER CODE", tally)
    return past
