"""What an answer may have besides what is compared, taken away.

Narrative and `meta` say nothing of the terminology; a server may add extensions of its own. HL7's
runner takes the same away, and from the answer only: an expected response is used as it is.
"""

import re
from typing import Any

from terminology.fhir.json import Json

_CORE = "http://hl7.org/fhir/StructureDefinition/"
_TEST = "http://hl7.org/fhir/test/StructureDefinition/unknown-extension-"
MANAGED = frozenset(
    [
        *(
            _CORE + name
            for name in (
                "alternate-code-status alternate-code-use codesystem-alternate"
                " codesystem-conceptOrder codesystem-label coding-sctdescid itemWeight"
                " operationoutcome-message-id rendering-style rendering-xhtml"
                " structuredefinition-standards-status translation valueset-concept-definition"
                " valueset-conceptOrder valueset-deprecated valueset-label valueset-supplement"
                " valueset-unclosed valueset-unclosed-reason"
            ).split()
        ),
        *(_TEST + number for number in "1345"),
    ]
)
"""The extensions that are compared; any other with an absolute URL may be there or not."""

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_STATEMENTS = ("CapabilityStatement", "TerminologyCapabilities")


def scrub(resource: Json, *, text_only: bool = False) -> Json:
    """Take away from an answer what is not compared.

    Args:
        resource: in R5; it is not written to, and nothing about it is trusted.
        text_only: take nothing but the narrative; so HL7's runner treats the errors of
            CodeSystem/$validate-code.

    Returns:
        A new resource.
    """
    kind = resource.get("resourceType")
    if text_only:
        return _without(resource, "text")
    if kind == "Parameters":
        return _parameters(resource)
    if kind in ("ValueSet", "OperationOutcome"):
        resource = _without_extensions(_without(resource, "text", "meta"))
    if kind == "OperationOutcome":
        return _outcome(resource)
    return _without(resource, "text", "meta") if kind in _STATEMENTS else resource


def _without(holder: Json, *names: str) -> Json:
    return {name: value for name, value in holder.items() if name not in names}


def _parameters(resource: Json) -> Json:
    resource = _without(resource, "meta")
    parameters = resource.get("parameter")
    if not isinstance(parameters, list):
        return resource
    kept = [
        _parameter(parameter) if isinstance(parameter, dict) else parameter
        for parameter in parameters
        if not (isinstance(parameter, dict) and parameter.get("name") == "diagnostics")
    ]
    return _put(resource, "parameter", kept)


def _parameter(parameter: Json) -> Json:
    inner = parameter.get("resource")
    return parameter | {"resource": scrub(inner)} if isinstance(inner, dict) else parameter


def _outcome(resource: Json) -> Json:
    issues = resource.get("issue")
    if not isinstance(issues, list) or not all(isinstance(issue, dict) for issue in issues):
        return resource
    kept = [issue for issue in issues if "details" in issue or "diagnostics" not in issue]
    return _put(resource, "issue", [_issue(issue) for issue in kept])


def _issue(issue: Json) -> Json:
    # HL7's runner keeps what a server says of the request that it answered.
    if "x-request-id" in str(issue.get("diagnostics", "")).lower():
        return issue
    return _without(issue, "diagnostics")


def _without_extensions(element: Json) -> Json:
    """An element without the extensions that are not compared, and without what that empties."""
    result: Json = {}
    for name, value in element.items():
        kept = _without_inner(name, value)
        # Nothing may be empty in FHIR; what came empty is an error of the server's, and stays.
        if kept not in ({}, []) or kept == value:
            result[name] = kept
    return result


def _without_inner(name: str, value: Any) -> Any:
    if name == "compose" and isinstance(value, dict):
        return _without_own_extensions(value)
    if isinstance(value, list):
        managed = filter(_managed, value) if name == "extension" else value
        items = [_inner(item) for item in managed]
        # Beside an array of primitives stands one of their extensions: `_value`.
        return items if any(items) or not name.startswith("_") else []
    return _inner(value)


def _inner(value: Any) -> Any:
    return _without_extensions(value) if isinstance(value, dict) else value


def _without_own_extensions(compose: Json) -> Json:
    """The definition of a value set: only what stands on `compose` itself goes."""
    extensions = compose.get("extension")
    if not isinstance(extensions, list):
        return compose
    return _put(compose, "extension", [one for one in extensions if _managed(one)])


def _managed(extension: Any) -> bool:
    url = extension.get("url") if isinstance(extension, dict) else None
    return not isinstance(url, str) or url in MANAGED or not _ABSOLUTE.match(url)


def _put(holder: Json, name: str, items: list[Any]) -> Json:
    if items or not holder[name]:
        return holder | {name: items}
    return _without(holder, name)
