"""Whether a code is in a value set, tested without expanding it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from terminology import filters
from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput
from terminology.model import ConceptReference, Include, ValueSet
from terminology.tree import PlacedConcept
from terminology.valuesets.catalog import ValueSets
from terminology.valuesets.members import NEITHER, entered, provider_of


class Member(NamedTuple):
    """A concept that a value set holds, and by which words."""

    provider: Provider
    placed: PlacedConcept
    reference: ConceptReference | None
    """What the value set itself says of it."""


def find_member(
    value_set: ValueSet,
    system: str,
    code: str,
    value_sets: ValueSets,
    path: Sequence[str] = (),
) -> Member | None:
    """The concept as the value set holds it, None where it does not.

    Raises:
        NotFound: a code system or value set that decides it is not loaded.
        InvalidInput: the value set has no compose, or a filter that can't be read.
        CircularReference: the value set imports itself.
    """
    path = entered(value_set, path)
    compose = value_set.compose
    if compose is None:
        raise InvalidInput(
            f"The value set '{value_set.canonical}' has no compose, so nothing says what it holds."
        )
    member = _first(compose.include, system, code, value_sets, path)
    if member is None or _first(compose.exclude, system, code, value_sets, path) is not None:
        return None
    if compose.inactive is False and member.provider.is_inactive(member.placed.concept):
        return None
    return member


def systems_of(
    value_set: ValueSet, value_sets: ValueSets, path: Sequence[str] = ()
) -> dict[str, list[str | None]]:
    """The code systems that the includes name, with the versions they name, imports' too."""
    path = entered(value_set, path)
    found: dict[str, list[str | None]] = {}
    for include in value_set.compose.include if value_set.compose else ():
        if include.system is not None:
            found.setdefault(include.system, []).append(include.version)
            continue
        for canonical in include.value_set:
            inner = systems_of(value_sets.get(canonical), value_sets, path)
            for system, versions in inner.items():
                found.setdefault(system, []).extend(versions)
    return found


def _first(
    includes: Iterable[Include],
    system: str,
    code: str,
    value_sets: ValueSets,
    path: Sequence[str],
) -> Member | None:
    for include in includes:
        member = _in_include(include, system, code, value_sets, path)
        if member is not None:
            return member
    return None


def _in_include(
    include: Include, system: str, code: str, value_sets: ValueSets, path: Sequence[str]
) -> Member | None:
    member: Member | None = None
    if include.system is not None:
        if include.system != system:
            return None
        member = _in_system(include, code, value_sets)
        if member is None:
            return None
    elif not include.value_set:
        raise InvalidInput(NEITHER)
    for canonical in include.value_set:
        imported = find_member(value_sets.get(canonical), system, code, value_sets, path)
        if imported is None:
            return None
        member = member or imported
    return member


def _in_system(include: Include, code: str, value_sets: ValueSets) -> Member | None:
    provider = provider_of(include, value_sets)
    placed = provider.find(code)
    if placed is None:
        return None
    reference = None
    if include.concept:
        known = placed.concept.code
        reference = next((r for r in include.concept if provider.same_code(r.code, known)), None)
        if reference is None:
            return None
    if all(filters.contains(provider, condition, placed) for condition in include.filter):
        return Member(provider, placed, reference)
    return None
