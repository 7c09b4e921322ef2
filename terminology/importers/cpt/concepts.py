"""The concepts of a CPT release: codes, modifiers, and codes that were deleted."""

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from terminology.importers.cpt.head import URL
from terminology.importers.cpt.history import Deletion, Past
from terminology.importers.cpt.laboratory import Analysis
from terminology.importers.cpt.modifiers import Modifier
from terminology.model import Coding, Concept, Designation, Property

UPPER, MEDIUM, SHORT, CONSUMER, CLINICIAN = "upper", "med", "short", "consumer", "clinician"
_USES = {use: Coding(system=URL, code=use) for use in (UPPER, MEDIUM, SHORT, CONSUMER, CLINICIAN)}
"""The uses that HL7's own importer of these files gives the descriptors."""
_CODE, _MODIFIER = (
    (Property(code="modifier", value_boolean=flag), Property(code="modified", value_boolean=False))
    for flag in (False, True)
)
_INACTIVE = Property(code="inactive", value_boolean=True)
_ORTHOPOX = Property(code="orthopox", value_boolean=True)
_KINDS = {kind: Property(code="kind", value_code=kind) for kind in ("code", "cat-2")}


class Parts(Struct, kw_only=True):
    """What the files of a delivery say, by code.

    Attributes:
        long: the long descriptors.
        others: for each use the other descriptors; a code may have several of one use.
        modifiers: of the appendix.
        analyses: of proprietary laboratories.
        deletions: codes that were deleted.
        past: when codes were added and changed.
        orthopox: codes for orthopoxvirus.
    """

    long: dict[str, str]
    others: dict[str, dict[str, list[str]]] = {}
    modifiers: dict[str, Modifier] = {}
    analyses: dict[str, list[Analysis]] = {}
    deletions: dict[str, Deletion] = {}
    past: dict[str, Past] = {}
    orthopox: frozenset[str] = frozenset()


def concepts(parts: Parts, effective: str) -> Iterator[Concept]:
    """The concepts of a release in the order of its files.

    Args:
        parts: what the files say.
        effective: the first day of the release; what was deleted by then is inactive. A code that
            is listed is not deleted, whatever the history says of it.
    """
    for code, text in parts.long.items():
        yield _code(code, text, parts)
    for code, analyses in parts.analyses.items():
        if code not in parts.long:
            yield _code(code, analyses[0].long or None, parts)
    for modifier in parts.modifiers.values():
        yield _modifier(modifier, parts)
    known = parts.long.keys() | parts.analyses.keys() | parts.modifiers.keys()
    for code, deletion in parts.deletions.items():
        if code not in known:
            yield _deleted(code, deletion, parts, effective)


def kind_of(code: str) -> str:
    """HL7's kind of a code of five characters: Category II codes end in F."""
    return "cat-2" if code[-1] == "F" else "code"


def _code(code: str, text: str | None, parts: Parts) -> Concept:
    analyses = parts.analyses.get(code, [])
    properties = [*_CODE, _KINDS[kind_of(code)]]
    if code in parts.orthopox:
        properties.append(_ORTHOPOX)
    properties += _dated(parts.past.get(code))
    for analysis in analyses:
        properties += _of_laboratory(analysis)
    names = [
        Designation(language="en", use=_USES[use], value=value)
        for use, texts in parts.others.items()
        for value in texts.get(code, ())
    ]
    if code not in parts.long:
        for analysis in analyses[:1]:
            names += _named({MEDIUM: analysis.medium, SHORT: analysis.short})
    return Concept(code=code, display=text, designation=names, property=properties)


def _named(texts: dict[str, str]) -> list[Designation]:
    return [
        Designation(language="en", use=_USES[use], value=value)
        for use, value in texts.items()
        if value
    ]


def _of_laboratory(analysis: Analysis) -> list[Property]:
    made = [
        Property(code=name, value_string=value)
        for name, value in (
            ("proprietaryName", analysis.name),
            ("laboratory", analysis.laboratory),
            ("manufacturer", analysis.manufacturer),
        )
        if value
    ]
    if analysis.effective:
        made.append(_day("effectiveDate", analysis.effective))
    return made


def _modifier(modifier: Modifier, parts: Parts) -> Concept:
    kinds = [Property(code="kind", value_code=kind) for kind in modifier.kinds]
    return Concept(
        code=modifier.code,
        display=modifier.name,
        definition=modifier.text or None,
        property=[*_MODIFIER, *kinds, *_dated(parts.past.get(modifier.code))],
    )


def _deleted(code: str, deletion: Deletion, parts: Parts, effective: str) -> Concept:
    own = _MODIFIER if len(code) == 2 else _CODE
    properties = [*own]
    if len(code) != 2:
        properties.append(_KINDS[kind_of(code)])
    # Where no day is known it was before any that are.
    if deletion.day <= effective:
        properties.append(_INACTIVE)
    if deletion.day:
        properties.append(_day("deletionDate", deletion.day))
    else:
        properties.append(Property(code="deletion", value_string=deletion.stated))
    if deletion.instruction:
        properties.append(Property(code="instruction", value_string=deletion.instruction))
    properties += _dated(parts.past.get(code))
    return Concept(code=code, display=deletion.words or None, property=properties)


def _dated(past: Past | None) -> list[Property]:
    if past is None:
        return []
    days = (("addedDate", past.added), ("changedDate", past.changed))
    return [_day(name, day) for name, day in days if day]


@lru_cache(maxsize=1 << 14)
def _day(name: str, day: str) -> Property:
    return Property(code=name, value_date_time=day)
