"""Which FHIR version a server speaks, and what it calls itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.runner.client import Client, NoAnswer, NotJson
from conformance.runner.suite import Unusable
from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion


@dataclass(frozen=True)
class Server:
    """A server that answered.

    Attributes:
        address: of the endpoint.
        wire: the version that requests are written in.
        version: the version as the server says it, such as `4.0.1`.
        software: name and version from its CapabilityStatement, or "".
    """

    address: str
    wire: FhirVersion
    version: str
    software: str


def discover(client: Client) -> Server:
    """Ask a server for its FHIR version: `$versions`, and `metadata`.

    Raises:
        Unusable: it does not answer, says no version, or one that this runner does not speak.
    """
    reasons: list[str] = []
    versions = _ask(client, "$versions?_format=json", reasons)
    statement = _ask(client, "metadata?_format=json", reasons)
    stated = statement.get("fhirVersion")
    exact = stated if isinstance(stated, str) else ""
    said = next(_default(versions), exact)
    if not said:
        why = "; ".join(reasons) or "neither $versions nor metadata has one"
        raise Unusable(f"{client.address} does not tell its FHIR version: {why}.")
    wire = wire_version(said)
    return Server(client.address, wire, exact or wire.value, _software(statement))


def wire_version(version: str) -> FhirVersion:
    """The version to write requests in, for a server of this version.

    HL7's runner speaks R5 to servers of R5 and later, and refuses what is older than R4.

    Raises:
        Unusable: older than R4, or no version.
    """
    major, _, rest = version.partition(".")
    if major.isdecimal() and int(major) >= 5:
        return FhirVersion.R5
    if major == "4":
        return FhirVersion.R4 if rest.partition(".")[0] in ("", "0") else FhirVersion.R4B
    raise Unusable(f"The server speaks FHIR {version}; the tests are for R4, R4B and R5.")


def _ask(client: Client, path: str, reasons: list[str]) -> Json:
    try:
        answer = client.get(path)
        if not 200 <= answer.status < 300:
            reasons.append(f"{path}: HTTP {answer.status}")
            return {}
        value = answer.json()
    except (NoAnswer, NotJson) as error:
        reasons.append(f"{path}: {error}")
        return {}
    return value if isinstance(value, dict) else {}


def _default(versions: Json) -> Iterator[str]:
    """The default version in an answer to `$versions`, as Parameters or as plain JSON."""
    parameters: Any = versions.get("parameter", [])
    for parameter in parameters if isinstance(parameters, list) else []:
        if isinstance(parameter, dict) and parameter.get("name") == "default":
            for name, value in parameter.items():
                if name.startswith("value") and isinstance(value, str):
                    yield value
    plain = versions.get("default")
    if isinstance(plain, str):
        yield plain


def _software(statement: Json) -> str:
    software = statement.get("software")
    if not isinstance(software, dict):
        return ""
    words = [software.get("name"), software.get("version")]
    return " ".join(word for word in words if isinstance(word, str))
