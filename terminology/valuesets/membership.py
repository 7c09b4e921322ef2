"""Whether a code is in a value set, tested without expanding it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from terminology import filters
from terminology.canonical import version_key
from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput
from terminology.model import ConceptReference, Include, ValueSet
from terminology.tree import PlacedConcept
from terminology.valuesets.members import NEITHER, compose_of, matches_versions
from terminology.valuesets.resolution import Resolution
from terminology.valuesets.scope import Scope, entered


class Member(NamedTuple):
    """A concept that a value set holds, by which words, and by which include."""

    provider: Provider
    placed: PlacedConcept
    reference: ConceptReference | None
    """What the value set itself says of it."""
    resolution: Resolution | None = None
    """How the include that holds it came to its version."""


class Membership(NamedTuple):
    """What a value set says of a code."""

    members: list[Member]
    """Where it is held, the newest version first; several where versions stand side by side."""
    resolutions: list[Resolution]
    """Every include of the code system, with the version it came to or did not find."""
    inactive: Member | None = None
    """Where it would be held if the value set admitted inactive codes."""
    whole: bool = False
    """Whether an include takes all codes of the code system, those of other fragments too."""


def membership(
    value_set: ValueSet,
    system: str,
    code: str,
    scope: Scope,
    sent: str | None = None,
    path: Sequence[str] = (),
) -> Membership:
    """What the value set says of a code.

    Args:
        value_set: the definition.
        system: the code system of the code.
        code: the code.
        scope: where code systems and imported value sets are found, and in which version.
        sent: the version of the code system that came with the code.
        path: the canonicals of the value sets that are being worked out.

    Raises:
        NotFound: an imported value set is not loaded.
        InvalidInput: the value set has no compose, or a filter that can't be read.
        CircularReference: the value set imports itself.
    """
    path = entered(value_set, path)
    return scope.once(
        value_set,
        ("membership", system, code, sent),
        lambda: _membership(value_set, system, code, scope, sent, path),
    )


def _membership(
    value_set: ValueSet,
    system: str,
    code: str,
    scope: Scope,
    sent: str | None,
    path: Sequence[str],
) -> Membership:
    compose = compose_of(value_set)
    test = _Test(value_set, system, code, scope, sent, path)
    members = _once(m for include in compose.include for m in test.members(include))
    included = list(dict.fromkeys(test.resolutions))
    outside = [m for exclude in compose.exclude for m in test.members(exclude)]
    members = _left(members, outside, included)
    members.sort(key=lambda m: version_key(m.provider.head.version), reverse=True)
    if matches_versions(compose):
        members = members[:1]
    inactive = None
    if compose.inactive is False:
        active = [m for m in members if not m.provider.is_inactive(m.placed.concept)]
        inactive = members[0] if members and not active else None
        members = active
    return Membership(members, included, inactive, test.whole)


def systems_of(value_set: ValueSet, scope: Scope, path: Sequence[str] = ()) -> list[str]:
    """The code systems that the includes name, imports' too, each once."""
    path = entered(value_set, path)
    return scope.once(value_set, ("systems",), lambda: _systems_of(value_set, scope, path))


def _systems_of(value_set: ValueSet, scope: Scope, path: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for include in compose_of(value_set).include:
        if include.system is not None:
            found[include.system] = None
            continue
        for canonical in include.value_set:
            found |= dict.fromkeys(systems_of(scope.imported(canonical, value_set), scope, path))
    return list(found)


def _once(members: Iterable[Member]) -> list[Member]:
    """The members without those that another import brought already."""
    found: dict[tuple[str, int], Member] = {}
    for member in members:
        found.setdefault((member.provider.canonical, id(member.reference)), member)
    return [*found.values()]


def _left(
    members: list[Member], outside: Sequence[Member], included: Sequence[Resolution]
) -> list[Member]:
    versions = {r.version for r in included}
    for out in outside:
        version = out.provider.head.version
        # A version that is not included can only be meant by its codes.
        across = version not in versions
        members = [m for m in members if not across and m.provider.head.version != version]
    return members


class _Test:
    """One code against the includes of a value set."""

    def __init__(
        self,
        value_set: ValueSet,
        system: str,
        code: str,
        scope: Scope,
        sent: str | None,
        path: Sequence[str],
    ) -> None:
        self._value_set = value_set
        self._system = system
        self._code = code
        self._scope = scope
        self._sent = sent
        self._path = path
        self.resolutions: list[Resolution] = []
        self.whole = False

    def members(self, include: Include) -> Iterator[Member]:
        """Where an include or exclude holds the code."""
        found: list[Member] | None = None
        if include.system not in (None, self._system):
            # No import can add to it; each is looked at all the same, so that a circle is found
            # whatever the code.
            for canonical in include.value_set:
                self._imported(canonical)
            return
        if include.system is not None:
            member = self._of_system(include)
            found = [] if member is None else [member]
        elif not include.value_set:
            raise InvalidInput(NEITHER)
        for canonical in include.value_set:
            imported = self._imported(canonical)
            if found is None:
                found = imported
            else:
                keys = {m.provider.canonical for m in imported}
                found = [m for m in found if m.provider.canonical in keys]
        yield from found or ()

    def _imported(self, canonical: str) -> list[Member]:
        value_set = self._scope.imported(canonical, self._value_set)
        found = membership(value_set, self._system, self._code, self._scope, self._sent, self._path)
        self.resolutions.extend(found.resolutions)
        self.whole = self.whole or found.whole
        return found.members

    def _of_system(self, include: Include) -> Member | None:
        resolution = self._scope.resolve(self._system, include.version, self._sent)
        self.resolutions.append(resolution)
        self.whole = self.whole or not (include.concept or include.filter or include.value_set)
        provider = resolution.provider
        placed = provider.find(self._code) if provider is not None else None
        if provider is None or placed is None:
            return None
        reference = None
        if include.concept:
            reference = _named(include, provider, placed.concept.code)
            if reference is None:
                return None
        if all(filters.contains(provider, condition, placed) for condition in include.filter):
            return Member(provider, placed, reference, resolution)
        return None


def _named(include: Include, provider: Provider, code: str) -> ConceptReference | None:
    if provider.head.case_sensitive is False:
        return next((r for r in include.concept if provider.same_code(r.code, code)), None)
    return include.by_code.get(code)
