"""The formats that can be loaded."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from difflib import get_close_matches

from msgspec import Struct

from terminology.errors import NotSupported
from terminology.importers.cpt import reader as cpt
from terminology.importers.delivery import Delivery, Options
from terminology.importers.fhir import reader as fhir
from terminology.importers.hcpcs import reader as hcpcs
from terminology.importers.icd10 import reader as icd10
from terminology.importers.mpfs import reader as mpfs
from terminology.importers.ncci import mue, ptp
from terminology.importers.problems import UnreadableSource
from terminology.importers.source import Source


class Kind(Struct, frozen=True):
    """A format.

    Attributes:
        name: as it is named on the command line, `ncci-ptp`.
        about: what such a delivery is, a clause for people.
        recognise: tells from names and first lines what makes a source one, None where it is none.
        read: gives the delivery; it checks everything that can be known before rows are read.
    """

    name: str
    about: str
    recognise: Callable[[Source], str | None]
    read: Callable[[Source, Options], Delivery]


_ALL = (
    Kind(cpt.KIND, "the AMA's delivery of CPT", cpt.recognise, cpt.read),
    Kind(hcpcs.KIND, "HCPCS Level II", hcpcs.recognise, hcpcs.read),
    Kind(mpfs.KIND, "Medicare's physician fee schedule", mpfs.recognise, mpfs.read),
    Kind(ptp.KIND, "NCCI's code pairs", ptp.recognise, ptp.read),
    Kind(mue.KIND, "NCCI's limits of units", mue.recognise, mue.read),
    Kind(fhir.KIND, "FHIR resources", fhir.recognise, fhir.read),
    Kind(icd10.DIAGNOSES, "ICD-10-CM", icd10.recognise_diagnoses, icd10.read_diagnoses),
    Kind(icd10.PROCEDURES, "ICD-10-PCS", icd10.recognise_procedures, icd10.read_procedures),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}


def kind_of(name: str) -> Kind:
    """The format of a name.

    Raises:
        NotSupported: there is none; the message names those that there are.
    """
    kind = KINDS.get(name)
    if kind is None:
        near = get_close_matches(name, KINDS, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise NotSupported(f"There is no kind '{name}'.{meant} There are: {', '.join(KINDS)}.")
    return kind


def read(name: str, source: Source, options: Options) -> Delivery:
    """Read a source as a format.

    Args:
        name: of the format.
        source: open for as long as the delivery is read.
        options: what the person said of it.

    Raises:
        NotSupported: there is no such format.
        InvalidInput: the source is not of the format, or something in it is wrong; rows that are
            wrong raise it while they are read.
    """
    kind = kind_of(name)
    if kind.recognise(source) is None:
        raise UnreadableSource(_unlike(kind, source))
    return kind.read(source, options)


def identify(source: Source) -> dict[str, str]:
    """What a source looks like: the formats that recognise it, each with its reason."""
    found = {}
    for name, kind in KINDS.items():
        # A damaged file in it makes it no less of another kind.
        with suppress(UnreadableSource):
            reason = kind.recognise(source)
            if reason is not None:
                found[name] = reason
    return found


def _unlike(kind: Kind, source: Source) -> str:
    looks = identify(source)
    hint = "; ".join(f"it looks like '{name}' ({reason})" for name, reason in looks.items())
    held = ", ".join(entry.name for entry in source.entries()[:5])
    return (
        f"{source.path} is not {kind.about}: {hint or f'it holds {held}'}."
        f" Name the right kind: {', '.join(KINDS)}."
    )
