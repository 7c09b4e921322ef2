"""What a value set is worked out with: the content, the version rules, and what was used."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from terminology.canonical import split
from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput, NotFound, ProtermError
from terminology.model import CodeSystem, ValueSet
from terminology.valuesets.catalog import ValueSets
from terminology.valuesets.resolution import Resolution, VersionRules, resolve

T = TypeVar("T")


class CircularReference(ProtermError):
    """A value set that includes itself, straight or by way of others."""

    tx_issue_type = "vs-invalid"


class Scope:
    """The content that one request sees, and a record of what it came to use.

    Args:
        code_systems: the code systems.
        value_sets: the value sets.
        rules: the version parameters.
        supplements: canonicals of the supplements that are applied.
    """

    def __init__(
        self,
        code_systems: CodeSystems,
        value_sets: ValueSets,
        rules: VersionRules | None = None,
        supplements: Sequence[str] = (),
    ) -> None:
        self.code_systems = code_systems
        self.value_sets = value_sets
        self.rules = rules or VersionRules()
        self.supplements = supplements
        self._worked_out: dict[tuple[object, ...], tuple[ValueSet, Any]] = {}
        self._contained: dict[tuple[int, str], ValueSet] = {}
        self.used_systems: dict[str, CodeSystem] = {}
        self.used_value_sets: dict[str, ValueSet] = {}
        self.versions_matched = False
        self.decided: set[tuple[str, str]] = set()
        """(rule, canonical) of the version parameters that came to decide something."""

    def resolve(self, system: str, stated: str | None, sent: str | None = None) -> Resolution:
        """Which version of a code system an include means, supplements applied."""
        found = resolve(system, stated, self.rules, self.code_systems, sent)
        if found.wanted is not None and found.rule != "include":
            self.decided.add((found.rule, f"{system}|{found.wanted}"))
        if found.provider is None:
            return found
        self.used_systems[found.provider.canonical] = found.provider.head
        return found._replace(provider=self.supplemented(found.provider))

    def once(self, value_set: ValueSet, question: tuple[object, ...], ask: Callable[[], T]) -> T:
        """The answer to a question about a value set, worked out the first time it is asked.

        A value set may be imported by many ways; without this each import within another would
        double the work.
        """
        key = (id(value_set), *question)
        found = self._worked_out.get(key)
        if found is None:
            # The value set is kept with its answer, so that no other one takes over its id.
            found = self._worked_out[key] = (value_set, ask())
        answer: T = found[1]
        return answer

    def require_supplements(self) -> None:
        """Find every supplement of the request.

        Raises:
            NotFound: one is not loaded.
        """
        self.code_systems.require(self.supplements)

    def supplemented(self, provider: Provider) -> Provider:
        """A provider with the supplements of the request."""
        if not self.supplements:
            return provider
        return self.code_systems.supplemented(provider, self.supplements)

    def imported(self, canonical: str, within: ValueSet) -> ValueSet:
        """A value set that another one imports: one that it contains, or one that is loaded.

        Raises:
            NotFound: it is not loaded.
        InvalidInput: it is contained, and is not of the shape of a value set.
        """
        if canonical.startswith("#"):
            key = (id(within), canonical)
            if key not in self._contained:
                self._contained[key] = _contained(canonical, within)
            return self._contained[key]
        url, version = split(canonical)
        if version is None and url in self.rules.value_sets:
            version = self.rules.value_sets[url]
            self.decided.add(("value-set", f"{url}|{version}"))
        found = self.value_sets.get(f"{url}|{version}" if version else url)
        self.used_value_sets[found.canonical] = found
        return found


def entered(value_set: ValueSet, path: Sequence[str]) -> tuple[str, ...]:
    """The path of value sets that are being worked out, with this one at its end.

    Raises:
        CircularReference: it is on the path already.
    """
    canonical = value_set.canonical
    if canonical and canonical in path:
        raise CircularReference(
            f"Found a circularity pointing to {canonical} processing ValueSet with pathway"
            f" [{', '.join(path)}]"
        )
    return (*path, canonical)


def _contained(reference: str, within: ValueSet) -> ValueSet:
    for resource in within.contained:
        if resource.get("id") == reference[1:] and resource.get("resourceType") == "ValueSet":
            try:
                return msgspec.convert(resource, ValueSet)
            except msgspec.ValidationError as error:
                raise InvalidInput(
                    f"The value set '{reference}' contained in '{within.canonical}' can't be"
                    f" read: {error}."
                ) from None
    raise NotFound(
        f"The value set '{within.canonical}' contains no value set '{reference}'.",
        tx_issue_type="not-found",
    )
