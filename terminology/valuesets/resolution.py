"""Which version of a code system an include means.

The rules are those of the version parameters of `$expand` and `$validate-code`
(https://hl7.org/fhir/R5/valueset-operation-expand.html): `force-system-version` overrides what the
value set says, `system-version` fills in where it says nothing, `check-system-version` does so too
and refuses any other.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from terminology.canonical import fits, is_pattern, split
from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.provider import Provider


class VersionRules(NamedTuple):
    """The version parameters of a request, each by URL."""

    default: Mapping[str, str] = {}
    check: Mapping[str, str] = {}
    force: Mapping[str, str] = {}
    value_sets: Mapping[str, str] = {}
    """`default-valueset-version`: of value sets that are imported without a version."""


def by_url(canonicals: Iterable[str]) -> dict[str, str]:
    """Versions by URL, of canonicals `url|version`; one without a version is passed over."""
    return {url: version for url, version in map(split, canonicals) if version is not None}


class Resolution(NamedTuple):
    """What an include of a code system came to."""

    system: str
    stated: str
    """The version that the include names; empty where it names none."""
    wanted: str | None
    """The version or pattern that decided, None where the latest was taken."""
    provider: Provider | None
    """None where no such version is loaded."""
    rule: str
    """What decided: `include`, `force`, `default`, `check` or `latest`."""
    required: str | None
    """The pattern of `check-system-version` that the version does not fit."""

    @property
    def version(self) -> str | None:
        """The version of the code system that is meant."""
        return self.provider.head.version if self.provider is not None else self.wanted


def resolve(
    system: str,
    stated: str | None,
    rules: VersionRules,
    code_systems: CodeSystems,
    sent: str | None = None,
) -> Resolution:
    """Which version of a code system an include means.

    Args:
        system: the code system.
        stated: the version that the include names.
        rules: the version parameters of the request.
        code_systems: what is loaded.
        sent: the version of the coding that is validated: a pattern prefers it.
    """
    wanted, rule = _wanted(system, stated, rules)
    if wanted is not None and is_pattern(wanted) and sent is not None and fits(sent, wanted):
        provider = code_systems.find(system, sent) or code_systems.find(system, wanted)
    else:
        provider = code_systems.find(system, wanted)
    required = rules.check.get(system) if rule != "force" else None
    if provider is None or (required is not None and fits(provider.head.version, required)):
        required = None
    return Resolution(system, stated or "", wanted, provider, rule, required)


def _wanted(system: str, stated: str | None, rules: VersionRules) -> tuple[str | None, str]:
    if system in rules.force:
        return rules.force[system], "force"
    if stated:
        return stated, "include"
    if system in rules.default:
        return rules.default[system], "default"
    if system in rules.check:
        return rules.check[system], "check"
    return None, "latest"
