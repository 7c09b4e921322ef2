"""The rules as a code system: `$lookup` of a rule's id explains and cites it."""

import msgspec

from terminology.model import Json
from terminology.rules.book import RuleBook
from terminology.rules.issues import citation
from terminology.rules.model import URL, Rule, Source

_SOURCE = "https://proterm.example/fhir/StructureDefinition/source"
_PROPERTIES = {
    "scope": ("code", "Whose rule it is"),
    "effect": ("code", "What follows when it fires"),
    "severity": ("code", "How grave it is where its own scope decides"),
    "payer": ("string", "Who publishes it, of a payer's policy"),
    "period-start": ("dateTime", "The first day of service that it is for"),
    "period-end": ("dateTime", "The last day of service that it is for"),
    "condition": ("string", "When it fires, in the declarative form of docs/rules.md"),
    "message": ("string", "The sentence of its finding"),
    "source": ("string", "Where it comes from: publisher, title, section, date, address"),
}


def as_code_system(book: RuleBook, version: str = "1.0.0") -> Json:
    """The CodeSystem resource, R5-shaped and the same in R4 and R4B."""
    return {
        "resourceType": "CodeSystem",
        "id": "coding-rules",
        "language": "en",
        "url": URL,
        "version": version,
        "name": "CodingRules",
        "title": "The coding rules that Proterm checks procedures by",
        "status": "active",
        "experimental": False,
        "publisher": "The Proterm project",
        "description": "Each concept is a rule: what it says, whose it is, what follows, and the"
        " document it comes from. Findings of $validate-code and $validate name them.",
        "caseSensitive": True,
        "content": "complete",
        "count": len(book.rules),
        "property": [
            {"code": code, "uri": f"{URL}#{code}", "description": text, "type": kind}
            for code, (kind, text) in _PROPERTIES.items()
        ],
        "concept": [_concept(rule) for rule in book.rules],
    }


def _concept(rule: Rule) -> Json:
    stated: list[tuple[str, str | None]] = [
        ("scope", rule.scope),
        ("effect", rule.effect),
        ("severity", rule.severity),
        *(("payer", payer.name) for payer in rule.payers),
        ("period-start", rule.period.start),
        ("period-end", rule.period.end),
        ("condition", msgspec.json.encode(rule.condition).decode()),
        ("message", rule.message),
    ]
    properties = [_property(code, value) for code, value in stated if value is not None]
    properties += [_source(source) for source in rule.sources]
    return {
        "code": rule.id,
        "display": rule.title,
        "definition": rule.explanation,
        "property": properties,
    }


def _property(code: str, value: str) -> Json:
    kind = _PROPERTIES[code][0]
    return {"code": code, f"value{kind[0].upper()}{kind[1:]}": value}


def _source(source: Source) -> Json:
    found = _property("source", f"{citation(source)}, {source.address}")
    if source.document is not None:
        reference = {"reference": f"DocumentReference/{source.document}"}
        found["extension"] = [{"url": _SOURCE, "valueReference": reference}]
    return found
