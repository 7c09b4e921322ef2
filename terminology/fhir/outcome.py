"""OperationOutcome: what went wrong, https://hl7.org/fhir/R5/operationoutcome.html.

The shape is the one that HL7's terminology ecosystem asks of a server: a sentence in
`details.text`, the kind of issue in `details.coding`, the element in `expression`, and never the
deprecated `location`. It is the same in R4, R4B and R5.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from terminology.errors import InvalidInput, ProtermError
from terminology.fhir.json import Json

TX_ISSUE_TYPE = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type"
COPYRIGHT = "http://hl7.org/fhir/StructureDefinition/artifact-copyright"
MESSAGE_ID = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"


class Issue(Struct, frozen=True):
    """One issue of an OperationOutcome.

    Attributes:
        severity: fatal, error, warning or information.
        code: of http://hl7.org/fhir/issue-type, such as `code-invalid`.
        text: the sentence for people.
        expression: the FHIRPath of each element that it is about.
        tx_issue_type: of `TX_ISSUE_TYPE`, such as `not-in-vs`; it goes first into `details.coding`.
        coding: another coding for `details.coding`, such as the rule that was broken.
        diagnostics: what helps whoever runs the server.
        message_id: the key of the message in HL7's message catalogue, as `MESSAGE_ID`.
    """

    severity: str
    code: str
    text: str
    expression: tuple[str, ...] = ()
    tx_issue_type: str | None = None
    coding: Json | None = None
    diagnostics: str | None = None
    message_id: str | None = None


class InvalidResource(InvalidInput):
    """A resource that was sent is wrong, maybe at several places; all of them are told."""

    issues: tuple[Issue, ...] = ()

    @classmethod
    def of(cls, issues: Sequence[Issue]) -> "InvalidResource":
        """The error of issues, at least one."""
        error = cls(issues[0].text)
        error.issues = tuple(issues)
        return error


def operation_outcome(issues: Iterable[Issue], copyright: str | None = None) -> Json:
    """Write issues, at least one, as an OperationOutcome in their order.

    Args:
        issues: what was found.
        copyright: the line of whoever owns codes that are told of, which the resource has no
            element for: https://hl7.org/fhir/extensions/StructureDefinition-artifact-copyright.html.
    """
    written: Json = {"resourceType": "OperationOutcome"}
    if copyright is not None:
        written["extension"] = [{"url": COPYRIGHT, "valueMarkdown": copyright}]
    return written | {"issue": [_issue(issue) for issue in issues]}


def from_error(error: ProtermError) -> Json:
    """Write an error as an OperationOutcome with one issue, or with all of a resource."""
    if isinstance(error, InvalidResource) and error.issues:
        return operation_outcome(error.issues)
    issue = Issue(
        "error",
        error.issue_code,
        error.message,
        (error.expression,) if error.expression else (),
        error.tx_issue_type,
    )
    return operation_outcome((issue,))


def _issue(issue: Issue) -> Json:
    details: Json = {}
    coding = []
    if issue.tx_issue_type is not None:
        coding.append({"system": TX_ISSUE_TYPE, "code": issue.tx_issue_type})
    if issue.coding is not None:
        coding.append(issue.coding)
    if coding:
        details["coding"] = coding
    details["text"] = issue.text
    written: Json = {"severity": issue.severity, "code": issue.code, "details": details}
    if issue.message_id is not None:
        written["extension"] = [{"url": MESSAGE_ID, "valueString": issue.message_id}]
    if issue.diagnostics is not None:
        written["diagnostics"] = issue.diagnostics
    if issue.expression:
        written["expression"] = list(issue.expression)
    return written
