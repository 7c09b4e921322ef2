"""Who makes the claims: the names, versions and addresses that every statement repeats."""

from importlib.metadata import PackageNotFoundError, version

from terminology.model import Json

CANONICAL = "https://proterm.example/fhir"
"""The base of the canonical URLs of what the project itself defines."""
PUBLISHER = "The Proterm project"
RELEASED = "2026-11-23"
"""The day of the version in pyproject.toml; the two change together."""


def software_version() -> str:
    """The version that is installed, `0.unknown` where the code runs without being installed."""
    try:
        return version("proterm")
    except PackageNotFoundError:
        return "0.unknown"


def statement(resource_type: str, name: str, title: str, url: str, release: str) -> Json:
    """What a CapabilityStatement and a TerminologyCapabilities of this instance begin with.

    Args:
        resource_type: of the statement.
        name: for machines, a capital first.
        title: for people.
        url: where the statement itself is.
        release: the fingerprint of the loaded content: the claims change with it.
    """
    return {
        "resourceType": resource_type,
        "url": url,
        "version": f"{software_version()}-r{release}",
        "name": name,
        "title": title,
        "status": "active",
        "experimental": False,
        "date": RELEASED,
        "publisher": PUBLISHER,
        "kind": "instance",
    }


def implementation(base_url: str, release: str) -> Json:
    """This running instance, as the statements have it."""
    return {
        "description": f"Proterm over release {release} of its content",
        "url": base_url,
    }
