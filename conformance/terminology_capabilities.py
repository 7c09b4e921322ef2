"""The TerminologyCapabilities: which code systems are here, and what can be asked of them.

https://hl7.org/fhir/R5/terminologycapabilities.html, answered at `/metadata?mode=terminology`.
Elements that stand for an operation which is not served are left out.
"""

from collections.abc import Callable, Iterable

from conformance.identity import implementation, software_version, statement
from terminology.canonical import latest
from terminology.codesystems import cpt
from terminology.fhir.versions import FhirVersion
from terminology.model import CodeSystem, Json
from terminology.operations.context import Limits
from terminology.operations.registry import OPERATIONS

_ANSWERED = ("complete", "fragment")
"""The contents that a code can be looked up in: CodeSystem.content in the specification."""
_TEXT_FILTER = (
    "`filter` is split into words; a concept passes where its code, its display or a designation"
    " holds every one of them. Case and accents are not looked at."
)


def terminology_capabilities(
    version: FhirVersion,
    base_url: str,
    code_systems: Iterable[CodeSystem],
    release: str,
    limits: Limits | None = None,
    answering: Callable[[str], str | None] | None = None,
) -> Json:
    """The claims at one base, R5-shaped.

    Args:
        version: the FHIR version of the base.
        base_url: the base, such as `https://tx.example/r4`, no slash at its end.
        code_systems: the head of every loaded one, each version by itself, in any order.
            Supplements and those without usable content are passed over.
        release: the fingerprint of the loaded content.
        limits: the bounds of an expansion; the defaults if left out.
        answering: tells of a URL which version answers where none is asked for: of releases it is
            the one in force on the day; the latest if left out.
    """
    limits = limits or Limits()
    title = f"The terminologies of Proterm, in FHIR {version.value}"
    url = f"{base_url}/metadata?mode=terminology"
    return {
        **statement("TerminologyCapabilities", "ProtermTerminologies", title, url, release),
        "description": (
            f"An expansion without `count` has at most {limits.expansion} codes, a page of one at"
            f" most {limits.page}; a longer one is refused as too costly."
        ),
        "software": {"name": "Proterm", "version": software_version()},
        "implementation": implementation(base_url, release),
        "lockedDate": False,
        "codeSystem": [
            _code_system(heads, answering(url) if answering else latest(h.version for h in heads))
            for url, heads in _by_url(code_systems).items()
        ],
        "expansion": {
            "hierarchical": True,
            "paging": True,
            "incomplete": False,
            "parameter": _expansion_parameters(),
            "textFilter": _TEXT_FILTER,
        },
        "validateCode": {"translations": True},
        "translation": {"needsMap": False},
    }


def _by_url(code_systems: Iterable[CodeSystem]) -> dict[str, list[CodeSystem]]:
    found: dict[str, list[CodeSystem]] = {}
    for head in sorted(code_systems, key=lambda head: (head.url or "", head.version or "")):
        if head.url and head.content in _ANSWERED:
            found.setdefault(head.url, []).append(head)
    return found


def _code_system(heads: list[CodeSystem], answering: str | None) -> Json:
    default = next(head for head in heads if head.version == answering)
    return {
        "uri": default.url,
        "version": [_version(head, is_default=head is default) for head in heads],
        "content": default.content,
        "subsumption": True,
    }


def _version(head: CodeSystem, *, is_default: bool) -> Json:
    found: Json = {"code": head.version} if head.version else {}
    found["isDefault"] = is_default
    # Of the grammars that code systems have, CPT's is understood.
    found["compositional"] = head.url == cpt.URL
    if head.language:
        found["language"] = [head.language]
    if head.property:
        found["property"] = [prop.code for prop in head.property]
    return found


def _expansion_parameters() -> list[Json]:
    (expand,) = (operation for operation in OPERATIONS if operation.name == "expand")
    return [
        {"name": name, "documentation": field.documentation}
        for name, field in sorted(expand.schema.described().items())
    ]
