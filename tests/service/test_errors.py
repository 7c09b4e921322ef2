"""Errors are OperationOutcomes with a right status, whoever found them."""

import logging
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, default_exceptions

from service import errors, system
from service.errors import AWAY, of_error, of_fault, of_http_error
from service.negotiation import NotAcceptable, UnsupportedMedia
from terminology import errors as domain
from terminology.errors import ProtermError, StoreUnavailable
from terminology.operations.registry import OPERATIONS
from tests.service.asking import BASES, CPT, ISSUE_TYPES, XML, check_outcome, resource_of

ADDRESSES = {
    "metadata": {"GET"},
    "$versions": {"GET", "POST"},
    "CodeSystem": {"GET"},
    "CodeSystem/cpt": {"GET"},
    "": {"POST"},
    **{f"{o.resource_type}/${o.name}": set(o.methods) for o in OPERATIONS},
}
STATUSES: dict[type[ProtermError], int] = {
    domain.ProtermError: 422,
    domain.InvalidInput: 400,
    domain.MissingInput: 400,
    domain.MalformedInput: 400,
    domain.RepeatedInput: 400,
    domain.NotFound: 404,
    domain.NotSupported: 400,
    domain.TooCostly: 422,
    domain.TooLarge: 413,
    domain.StoreUnavailable: 503,
    errors.LineTooLong: 414,
    NotAcceptable: 406,
    UnsupportedMedia: 415,
}


def _all(kind: type[ProtermError]) -> set[type[ProtermError]]:
    return {kind}.union(*(_all(each) for each in kind.__subclasses__()))


def test_every_error_has_a_status_and_an_issue_type() -> None:
    for kind in _all(ProtermError):
        nearest = next(each for each in kind.__mro__ if each in STATUSES)
        answer = of_error(kind("It went wrong."))
        assert answer.status == STATUSES[nearest], kind
        assert kind.issue_code in ISSUE_TYPES
        assert not answer.cacheable


def test_a_store_that_is_away_says_when_to_come_back() -> None:
    assert of_error(StoreUnavailable("Wait.")).headers == {"Retry-After": "2"}


def test_where_the_store_is_the_log_says_and_not_the_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = of_error(StoreUnavailable("The host db.internal is away."))
    assert isinstance(answer.resource, dict)
    assert answer.resource["issue"][0]["details"]["text"] == AWAY
    assert "db.internal is away" in caplog.text


@pytest.mark.parametrize("status", sorted(default_exceptions))
def test_everything_that_flask_refuses_is_a_sentence(status: int) -> None:
    error = default_exceptions[status]()
    answer = of_http_error(error, "GET", 1024)
    assert answer.status == status
    assert isinstance(answer.resource, dict)
    (issue,) = answer.resource["issue"]
    assert issue["code"] in ISSUE_TYPES
    assert len(issue["details"]["text"].split()) > 2
    assert "{" not in issue["details"]["text"]


def test_a_sentence_of_flask_may_hold_braces() -> None:
    answer = of_http_error(HTTPException("{0} {allowed.x} {"), "GET", 1024)
    assert answer.status == 500


def test_a_fault_of_ours_tells_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = of_fault(RuntimeError("password=hunter2"))
    assert answer.status == 500
    assert "hunter2" not in str(answer.resource)
    assert "hunter2" in caplog.text


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("accept", ["application/fhir+json", XML])
def test_a_fault_is_answered_and_logged_once(
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    base: str,
    accept: str,
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("what nobody thought of")

    monkeypatch.setattr(system, "versions", fail)
    answer = client.get(f"/{base}/$versions", headers={"Accept": accept})
    assert answer.status_code == 500
    assert answer.mimetype == accept
    (issue,) = resource_of(answer, BASES[base])["issue"]
    assert (issue["severity"], issue["code"]) == ("fatal", "exception")
    assert b"nobody" not in answer.data
    assert [r.exc_text for r in caplog.records].count(None) == 0
    assert len(caplog.records) == 1


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_a_wrong_method(client: FlaskClient, base: str, path: str, method: str) -> None:
    if method in ADDRESSES[path]:
        return
    address = f"/{base}/{path}"
    answer = client.open(address, method=method)
    issue = check_outcome(answer, address, 405)
    assert issue["code"] == "not-supported"
    allowed = set(answer.headers["Allow"].split(", "))
    assert allowed - {"HEAD", "OPTIONS"} == ADDRESSES[path]
    for each in ADDRESSES[path]:
        assert each in issue["details"]["text"]
    assert method in issue["details"]["text"]


def test_a_wrong_method_in_xml(client: FlaskClient) -> None:
    answer = client.delete("/r4/CodeSystem/cpt", headers={"Accept": XML})
    assert answer.mimetype == XML
    check_outcome(answer, "/r4", 405)


def test_an_error_has_the_common_headers(client: FlaskClient) -> None:
    headers = {"Origin": "https://ehr.example", "X-Request-Id": "abc"}
    for path in ("/r4/nowhere", f"/r4/CodeSystem/$lookup?system={CPT}", "/nowhere"):
        answer = client.get(path, headers=headers)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["X-Request-Id"] == "abc"
        assert answer.headers["Vary"]


def test_an_error_for_whom_no_format_is_right_is_json(client: FlaskClient) -> None:
    for accept in ("text/turtle", "application/fhir+json;fhirVersion=3.0", ""):
        answer = client.get("/r4/nowhere", headers={"Accept": accept})
        assert answer.mimetype == "application/fhir+json"


def test_an_error_in_the_query_keeps_the_format(client: FlaskClient) -> None:
    answer = client.get("/r4/metadata?mode=%ff", headers={"Accept": XML})
    assert answer.mimetype == XML
    check_outcome(answer, "/r4", 400)
