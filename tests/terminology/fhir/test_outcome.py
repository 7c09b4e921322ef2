"""OperationOutcomes."""

import pytest

from terminology.errors import InvalidInput, MalformedInput, NotFound, ProtermError
from terminology.fhir.outcome import MESSAGE_ID, TX_ISSUE_TYPE, Issue, from_error, operation_outcome


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ProtermError("It failed."), "processing"),
        (InvalidInput("It is wrong."), "invalid"),
        (MalformedInput("It is broken."), "structure"),
        (NotFound("It is not here."), "not-found"),
    ],
)
def test_an_error_is_one_issue_with_its_code_and_its_sentence(
    error: ProtermError, code: str
) -> None:
    assert from_error(error) == {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "details": {"text": error.message}}],
    }


def test_an_error_says_where_and_what_kind_it_is() -> None:
    error = NotFound("No such value set.", expression="url", tx_issue_type="not-found")
    (issue,) = from_error(error)["issue"]
    assert issue["expression"] == ["url"]
    assert issue["details"]["coding"] == [{"system": TX_ISSUE_TYPE, "code": "not-found"}]


def test_an_issue_writes_all_that_it_holds_and_no_location() -> None:
    rule = {"system": "https://proterm.example/fhir/CodeSystem/rule", "code": "r1"}
    issue = Issue(
        "warning",
        "business-rule",
        "Look at it.",
        expression=("Coding.code",),
        tx_issue_type="code-comment",
        coding=rule,
        diagnostics="release 7",
        message_id="INACTIVE_CONCEPT_FOUND",
    )
    (written,) = operation_outcome([issue])["issue"]
    assert written == {
        "extension": [{"url": MESSAGE_ID, "valueString": "INACTIVE_CONCEPT_FOUND"}],
        "severity": "warning",
        "code": "business-rule",
        "details": {
            "coding": [{"system": TX_ISSUE_TYPE, "code": "code-comment"}, rule],
            "text": "Look at it.",
        },
        "diagnostics": "release 7",
        "expression": ["Coding.code"],
    }


def test_issues_keep_their_order() -> None:
    issues = [Issue("error", "invalid", text) for text in ("b", "a")]
    texts = [issue["details"]["text"] for issue in operation_outcome(issues)["issue"]]
    assert texts == ["b", "a"]
