"""How grave a finding is, which depends on who asks.

CPT's grammar decides the result of a code (https://terminology.hl7.org/CPT.html); Medicare's rules
and a payer's policy decide a claim to that payer alone, and are told of beside it.
"""

from typing import Literal

from terminology.rules.model import CPT, MEDICARE
from terminology.rules.report import Finding

MEDICARE_PAYER = "medicare"
"""The id of Medicare's Organization."""
Mode = Literal["code", "procedure", "claim"]
_REFUSES = frozenset({"invalid", "not-payable"})


def severity_of(finding: Finding, mode: Mode, payer: str | None = None) -> str:
    """error, warning or information.

    Args:
        finding: what was found.
        mode: `code` for a code by itself, `procedure` and `claim` for those resources.
        payer: the id of the payer's Organization, None where none is named.
    """
    effect = finding.rule.effect
    if finding.rule.scope == CPT:
        return finding.rule.severity
    if finding.bypassed:
        return "information"
    if mode == "code":
        warns = effect in _REFUSES or effect == "needs-documentation"
        return "warning" if warns else "information"
    if not decides(finding, payer):
        return "information"
    if effect in _REFUSES:
        return "error" if mode == "claim" else "warning"
    return "warning" if effect == "needs-documentation" else "information"


def decides(finding: Finding, payer: str | None) -> bool:
    """Whether the finding is by a rule of the payer itself, or of CPT."""
    rule = finding.rule
    if rule.scope == CPT:
        return True
    if rule.scope in MEDICARE:
        return payer == MEDICARE_PAYER
    return payer is not None and any(publisher.id == payer for publisher in rule.payers)


def refuses(finding: Finding) -> bool:
    """Whether the rule's own scope takes what it found for invalid, or does not pay it."""
    return finding.rule.effect in _REFUSES and not finding.bypassed
