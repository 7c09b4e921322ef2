"""A Procedure as lines: https://hl7.org/fhir/R5/procedure.html.

One procedure is one line. Where it has several codings of CPT or HCPCS Level II, each says the same
procedure in another way, so that each is judged by itself.
"""

from terminology.codesystems.catalog import CodeSystems
from terminology.model import Json
from terminology.operations.resource_validation.codes import Codes
from terminology.operations.resource_validation.days import Day, day_of
from terminology.operations.resource_validation.lines import Read, Reported
from terminology.operations.resource_validation.reading import left
from terminology.rules.request import Line


def read_procedure(resource: Json, systems: CodeSystems, _day: str | None = None) -> Read:
    """The lines of a Procedure.

    Args:
        resource: in the shape of any version; nothing about it is trusted.
        systems: what is loaded.
        _day: that of the request, which lines without one are judged on anyway.
    """
    served = _served(resource)
    codes = Codes(systems)
    codes.on(served.day)
    found = codes.procedures(resource, "code", "Procedure.code")
    if not found:
        told = "`Procedure.code` has no code of CPT or HCPCS Level II, so that no rule was asked"
        codes.issues.append(left(told, "Procedure"))
    groups = tuple(
        (
            Reported(
                line=Line(
                    code=code.base,
                    modifiers=code.modifiers,
                    positions=code.positions,
                    faults=code.faults,
                    date=served.day,
                    path="Procedure",
                ),
                sent=code.sent,
                code_path=code.path,
                modifier_paths=(code.path,) * len(code.modifiers),
            ),
        )
        for code in found
    )
    issues = (*codes.issues, *served.notes)
    return Read(
        groups=groups,
        issues=issues,
        undated=() if served.day is not None else ("Procedure",),
        holds_cpt=codes.holds_cpt,
    )


def _served(resource: Json) -> Day:
    # R4 and R4B call it performed, R5 occurrence; one of the wrong version is told of as such.
    for name in ("occurrence", "performed"):
        found = day_of(resource, name, f"Procedure.{name}")
        if found.day is not None or found.notes:
            return found
    return Day(None)
