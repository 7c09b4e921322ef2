"""Lines as a resource reports them: what the rules judge, and the FHIRPath of each part."""

from collections.abc import Mapping, Sequence

import msgspec

from terminology.fhir.outcome import Issue
from terminology.rules.report import Finding
from terminology.rules.request import PRACTITIONER, Fault, Line


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """A line, and where its parts stand.

    Attributes:
        line: as the rules take it.
        sent: the code as it was sent, for people.
        code_path: of the code.
        modifier_paths: of each modifier.
        places: of `units`, `date` and `place`, those that were sent.
        faults: modifiers that were sent by themselves and can't be any, each with its path.
    """

    line: Line
    sent: str
    code_path: str
    modifier_paths: tuple[str, ...] = ()
    places: Mapping[str, str] = {}
    faults: tuple[tuple[Fault, str], ...] = ()

    @property
    def shown(self) -> str:
        """The code with its modifiers, for people."""
        alone = self.sent != self.line.code or not self.line.modifiers
        return self.sent if alone else f"{self.sent} with {' and '.join(self.line.modifiers)}"

    def path_of(self, finding: Finding) -> str:
        """The FHIRPath of what a finding is about."""
        if finding.element == "modifier" and finding.index is not None:
            return self.modifier_paths[finding.index]
        return self.places.get(finding.element, self.code_path)


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """Whose tables a resource is judged by.

    Attributes:
        name: as the tables have it.
        left: the scopes that say nothing of it.
        notes: what is to be said of how it was told, and why scopes are left.
    """

    name: str = PRACTITIONER
    left: frozenset[str] = frozenset()
    notes: tuple[Issue, ...] = ()


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What a resource reports.

    Attributes:
        groups: the lines that are judged together.
        issues: what is to be said of how they were read.
        setting: whose tables apply.
        undated: the FHIRPaths of the lines that tell no day.
        holds_cpt: whether a code or a modifier of it is one of CPT, or may be.
    """

    groups: tuple[Sequence[Reported], ...]
    issues: Sequence[Issue] = ()
    setting: Setting = Setting()
    undated: tuple[str, ...] = ()
    holds_cpt: bool = False
