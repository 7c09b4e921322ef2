"""A test as an HTTP request.

The resources that a test needs are never stored on the server: they go along with each request as
parameters `tx-resource`, behind the request's own parameters and before those of its profile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from conformance.runner.rules import SuiteError
from conformance.runner.suite import Case, Library
from terminology.fhir.convert import to_version
from terminology.fhir.json import Json, encode
from terminology.fhir.versions import FhirVersion

STATEMENTS = {"metadata": "metadata", "term-caps": "metadata?mode=terminology"}
OPERATIONS = {
    "expand": "ValueSet/$expand",
    "validate-code": "ValueSet/$validate-code",
    "cs-validate-code": "CodeSystem/$validate-code",
    "lookup": "CodeSystem/$lookup",
    "translate": "ConceptMap/$translate",
    "batch-validate": "ValueSet/$batch-validate-code",
    "compare": "ValueSet/$compare",
}
# HL7's runner asks these with GET where nothing in the way needs a body.
_BY_QUERY = ("validate-code", "cs-validate-code")


@dataclass(frozen=True)
class Request:
    """What is sent: below the address of the server, and with a body unless it is a GET."""

    path: str
    body: bytes | None
    headers: dict[str, str]


class Requests:
    """Makes requests of tests.

    Args:
        library: the suite's files.
        version: what is spoken on the wire; the files are R5.
    """

    def __init__(self, library: Library, version: FhirVersion) -> None:
        self._library = library
        self._version = version
        self._converted: dict[str, Json] = {}

    def make(self, case: Case) -> Request:
        """The request of a test.

        Raises:
            SuiteError: a file is missing, or the operation is none that is known.
        """
        headers = {"X-Request-Id": quote(f"txTests:{case.key}", safe=":/"), **dict(case.headers)}
        if case.operation in STATEMENTS:
            return Request(STATEMENTS[case.operation], None, headers)
        if case.operation not in OPERATIONS:
            raise SuiteError(f"the operation {case.operation} is none that this runner knows")
        path = OPERATIONS[case.operation]
        parameters = list(self._parameters(case))
        query = _query(parameters) if case.operation in _BY_QUERY else None
        if query is not None:
            return Request(f"{path}?{query}", None, headers)
        body = encode({"resourceType": "Parameters", "parameter": parameters})
        return Request(path, body, headers)

    def _parameters(self, case: Case) -> Iterator[Json]:
        if not case.request:
            raise SuiteError("the test has no request")
        yield from self._list(case.request)
        for name in case.setup:
            yield {"name": "tx-resource", "resource": self._resource(name)}
        yield from self._list(case.profile)

    def _list(self, name: str) -> list[Json]:
        parameters = self._resource(name).get("parameter", [])
        if not isinstance(parameters, list):
            raise SuiteError(f"the suite's file {name} is no Parameters")
        return parameters

    def _resource(self, name: str) -> Json:
        if name not in self._converted:
            resource = _as_parsed(self._library.read(name))
            self._converted[name] = to_version(resource, self._version)
        return self._converted[name]


def _as_parsed(value: Any) -> Any:
    """What HL7's runner, which parses each file into classes, would write again.

    Keys such as `title:de` are none of FHIR's and are dropped; booleans in quotation marks are
    read as booleans.
    """
    if isinstance(value, list):
        return [_as_parsed(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {name: _as_parsed(inner) for name, inner in value.items() if ":" not in name}
    if result.get("valueBoolean") in ("true", "false"):
        result["valueBoolean"] = result["valueBoolean"] == "true"
    return result


def _query(parameters: list[Json]) -> str | None:
    """The parameters as a query, if each of them is a primitive."""
    pairs: list[tuple[str, str]] = []
    for parameter in parameters:
        values = [value for name, value in parameter.items() if name.startswith("value")]
        if len(values) != 1 or isinstance(values[0], dict | list):
            return None
        value = values[0]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        pairs.append((str(parameter.get("name")), text))
    return urlencode(pairs)
