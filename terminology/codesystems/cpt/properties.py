"""What `$lookup` tells of an expression: how it reads, its modifiers, what the rules find of it."""

from collections.abc import Sequence

from terminology.codesystems.cpt.expression import class_of
from terminology.codesystems.provider import LookupProperty
from terminology.model import Concept
from terminology.rules.issues import sources
from terminology.rules.report import Finding
from terminology.rules.severity import severity_of


def expression_properties(
    parts: Sequence[tuple[str, Concept]], findings: Sequence[Finding]
) -> list[LookupProperty]:
    """The properties of an expression that neither its base nor a table has.

    Args:
        parts: the procedure and its modifiers in canonical order, each with its system's URL.
        findings: of the rules.
    """
    (_, base), *modifiers = parts
    reading = "; ".join(part.display or part.code for part in (base, *(m for _, m in modifiers)))
    return [
        LookupProperty(code="reading", value=("valueString", reading)),
        *(_modifier(system, concept) for system, concept in modifiers),
        *map(_finding, findings),
    ]


def _modifier(system: str, concept: Concept) -> LookupProperty:
    parts = [
        LookupProperty(code="system", value=("valueString", system)),
        LookupProperty(code="class", value=("valueCode", class_of(concept.code))),
    ]
    if concept.definition:
        value = ("valueString", concept.definition)
        parts.append(LookupProperty(code="definition", value=value))
    return LookupProperty(
        code="modifier-code",
        value=("valueCode", concept.code),
        description=concept.display,
        subproperties=tuple(parts),
    )


def _finding(finding: Finding) -> LookupProperty:
    rule = finding.rule
    stated = (
        ("rule", "valueCode", rule.id),
        ("scope", "valueCode", rule.scope),
        ("severity", "valueCode", severity_of(finding, "code")),
        ("effect", "valueCode", rule.effect),
        *(("source", "valueString", source) for source in sources(finding)),
    )
    return LookupProperty(
        code="finding",
        value=("valueString", finding.text),
        subproperties=tuple(
            LookupProperty(code=c, value=(kind, value)) for c, kind, value in stated
        ),
    )
