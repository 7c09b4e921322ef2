"""A Claim as lines: https://hl7.org/fhir/R5/claim.html.

Each item that has a code is a line, and so is each detail and sub-detail: these have the day and
the place of their item.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from terminology.codesystems.catalog import CodeSystems
from terminology.errors import TooCostly
from terminology.fhir.outcome import Issue
from terminology.model import Json
from terminology.operations.resource_validation.codes import Code, Codes, with_modifiers
from terminology.operations.resource_validation.days import Day, day_of, period
from terminology.operations.resource_validation.lines import (
    Read,
    Reported,
    Setting,
)
from terminology.operations.resource_validation.reading import (
    an_object,
    codings,
    left,
    objects,
    text,
)
from terminology.rules.model import FEE_SCHEDULE, MEDICARE
from terminology.rules.request import OUTPATIENT_HOSPITAL, Line

MOST_LINES = 999
"""How many lines a claim may have, as many as an institutional claim of X12 (837I)."""
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
PLACES = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
_TYPE = "Claim.type"
_TABLES = "Medicare's fee schedule, NCCI's procedure pairs and NCCI's unit limits (MUE)"
_PLACE = re.compile(r"[0-9]{2}", re.ASCII)
_UNITS = frozenset({"", "1", "un", "unit", "units", "{unit}", "{units}"})
"""How a quantity says that it counts units of service."""


class _Around(msgspec.Struct, frozen=True):
    """What an item hands down to its details."""

    day: str | None = None
    place: str | None = None
    places: dict[str, str] = {}


def read_claim(resource: Json, systems: CodeSystems, day: str | None = None) -> Read:
    """The lines of a Claim.

    Args:
        resource: in the shape of any version; nothing about it is trusted.
        systems: what is loaded.
        day: that of the request, which lines without one are judged on; None where it names none.

    Raises:
        TooCostly: it has more than 999 lines.
    """
    return _Reader(resource, systems).read(day)


class _Reader:
    def __init__(self, resource: Json, systems: CodeSystems) -> None:
        self.resource = resource
        self.codes = Codes(systems)
        self.issues: list[Issue] = []

    def read(self, day: str | None) -> Read:
        billed = period(self.resource, "billablePeriod", "Claim.billablePeriod")
        lines: list[Reported] = []
        for index, item in objects(self.resource, "item"):
            lines += self._lines(item, f"Claim.item[{index}]", billed)
            if len(lines) > MOST_LINES:
                raise TooCostly(
                    f"The claim has more than {MOST_LINES} lines; send it in parts.",
                    expression="Claim.item",
                )
        if not lines:
            told = "No item has a code of CPT or HCPCS Level II, so that no rule was asked"
            self.issues.append(left(told, "Claim"))
        if day is None:
            lines = self._dated(lines)
        setting = _setting(self.resource)
        return Read(
            groups=(lines,) if lines else (),
            issues=(*self.codes.issues, *self.issues, *setting.notes),
            setting=setting,
            undated=tuple(one.line.path for one in lines if one.line.date is None),
            holds_cpt=self.codes.holds_cpt,
        )

    def _dated(self, lines: list[Reported]) -> list[Reported]:
        """Lines without a day on the day of the others, where these have one in common."""
        days = {one.line.date for one in lines} - {None}
        paths = tuple(one.line.path for one in lines if one.line.date is None)
        if len(days) != 1 or not paths:
            return lines
        (day,) = days
        told = f"No day of service is told; the day of the other lines, {day}, was taken"
        self.issues.append(Issue("information", "informational", told, paths))
        return [replace(one, line=replace(one.line, date=day)) for one in lines]

    def _lines(self, item: Json, path: str, billed: Day) -> Iterator[Reported]:
        served = day_of(item, "serviced", f"{path}.serviced")
        self.issues += served.notes
        if served.day is None and billed.day is not None:
            served = billed
            self.issues += billed.notes
        place = self._place(item, f"{path}.location")
        places = {"date": f"{path}.serviced", "place": f"{path}.location"}
        around = _Around(served.day, place, places if place else {"date": places["date"]})
        yield from self._line(item, path, around)
        for number, detail in objects(item, "detail"):
            at = f"{path}.detail[{number}]"
            yield from self._line(detail, at, around)
            for last, inner in objects(detail, "subDetail"):
                yield from self._line(inner, f"{at}.subDetail[{last}]", around)

    def _line(self, holder: Json, path: str, around: _Around) -> Iterator[Reported]:
        at = f"{path}.productOrService"
        self.codes.on(around.day)
        found = self.codes.procedures(holder, "productOrService", at)
        modifiers = self.codes.modifiers(holder, path)
        if not found:
            return
        code = found[0]
        for other in found[1:]:
            told = f"`{at}` has several codes; {code.sent[:40]} was judged, {other.sent[:40]} not"
            self.issues.append(left(told, other.path))
        if code.modifiers:
            self.issues.append(_expression(code, path))
        carried, paths = with_modifiers(code, modifiers)
        units = self._units(holder, f"{path}.quantity")
        yield Reported(
            line=Line(
                code=code.base,
                modifiers=carried,
                positions=code.positions,
                faults=code.faults,
                units=units,
                date=around.day,
                place=around.place,
                path=path,
            ),
            sent=code.sent,
            code_path=code.path,
            modifier_paths=paths,
            places=around.places | ({} if units is None else {"units": f"{path}.quantity"}),
            faults=modifiers.faults,
        )

    def _place(self, item: Json, path: str) -> str | None:
        found = codings(item, "locationCodeableConcept")
        place = next((code for _, system, code in found if system == PLACES), None)
        if place is None:
            if found:
                told = f"`{path}` is no place of service of CMS ({PLACES}), and was not looked at"
                self.issues.append(left(told, path))
            return None
        if _PLACE.fullmatch(place):
            return place
        told = f"`{path}` is '{place[:40]}', and was not looked at; CMS's codes have two digits"
        self.issues.append(left(told, path, severity="warning"))
        return None

    def _units(self, holder: Json, path: str) -> Decimal | None:
        quantity = an_object(holder, "quantity")
        value = quantity.get("value")
        said = text(quantity, "code") or text(quantity, "unit") or ""
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            value = Decimal(0)
        if value > 0 and said.casefold() in _UNITS and "comparator" not in quantity:
            return Decimal(str(value))
        if quantity:
            told = f"`{path}` is no number of units above zero, so that this line was not held to"
            told += " limits on units. Where its code stands on several lines of the day, one unit"
            told += " was taken for this one in their sum"
            self.issues.append(left(told, path))
        return None


def _expression(code: Code, path: str) -> Issue:
    told = (
        f"'{code.sent[:60]}' holds modifiers; a claim has them in `{path}.modifier`, and"
        f" {code.base} alone in `{path}.productOrService`"
    )
    return Issue("warning", "code-invalid", told, (code.path,))


def _setting(resource: Json) -> Setting:
    sent = [code for _, system, code in codings(resource, "type") if system in (CLAIM_TYPE, None)]
    if "professional" in sent:
        return Setting()
    if "institutional" in sent:
        return _institution(an_object(resource, "subType"))
    if not sent:
        told = "`Claim.type` does not say professional or institutional; professional was taken"
        return Setting(notes=(Issue("information", "informational", told, (_TYPE,)),))
    told = f"{_TABLES} were not checked: they are for professional and institutional claims, and"
    told += f" this one is of type {sent[0][:40]}"
    return Setting(left=MEDICARE, notes=(left(told, _TYPE),))


def _institution(sub_type: Json) -> Setting:
    if _is_inpatient(sub_type):
        told = f"{_TABLES} were not checked: they are for practitioners and outpatient hospitals,"
        told += " and this is an inpatient claim"
        return Setting(name=OUTPATIENT_HOSPITAL, left=MEDICARE, notes=(left(told, _TYPE),))
    told = (
        "Medicare's fee schedule was not checked: it is that of practitioners. The claim was taken"
        " for one of an outpatient hospital, since `Claim.subType` does not say inpatient"
    )
    fee_schedule = frozenset({FEE_SCHEDULE})
    return Setting(name=OUTPATIENT_HOSPITAL, left=fee_schedule, notes=(left(told, _TYPE),))


def _is_inpatient(sub_type: Any) -> bool:
    said = [code for _, _, code in codings({"": sub_type}, "")]
    said += [text(coding, "display") or "" for _, coding in objects(sub_type, "coding")]
    said.append(text(sub_type, "text") or "")
    return any("inpatient" in each.casefold() for each in said)
