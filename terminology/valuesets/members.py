"""What a value set holds: its compose worked out into parts, without reading a concept.

https://hl7.org/fhir/R5/valueset.html#compositions: within an include all conditions hold
together, includes add up, excludes take away.
"""

from collections.abc import Iterable, Sequence

from terminology import filters
from terminology.canonical import split
from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput, NotFound, ProtermError
from terminology.model import Compose, Include, ValueSet
from terminology.valuesets.catalog import ValueSets
from terminology.valuesets.part import Part, ordinals_of

NEITHER = "An include of the value set names neither a system nor a value set."


class CircularReference(ProtermError):
    """A value set that includes itself, straight or by way of others."""

    tx_issue_type = "vs-invalid"


def members(value_set: ValueSet, value_sets: ValueSets, path: Sequence[str] = ()) -> list[Part]:
    """What the value set holds, in the order of its includes, each concept once.

    Args:
        value_set: the definition.
        value_sets: where imported value sets are found.
        path: the canonicals of the value sets that are being worked out.

    Raises:
        NotFound: a code system or value set that it names is not loaded.
        InvalidInput: it has no compose, or a filter that can't be read.
        CircularReference: it imports itself.
    """
    path = entered(value_set, path)
    compose = value_set.compose
    if compose is None:
        raise InvalidInput(
            f"The value set '{value_set.canonical}' has no compose, so nothing says what it holds."
        )
    included = [p for include in compose.include for p in _included(include, value_sets, path)]
    excluded = [p for include in compose.exclude for p in _included(include, value_sets, path)]
    parts = _subtracted(_once(included), excluded)
    if compose.inactive is False:
        parts = [part.without(part.provider.inactive()) for part in parts]
    return parts


def entered(value_set: ValueSet, path: Sequence[str]) -> tuple[str, ...]:
    """The path with this value set at its end.

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


def check_imports(
    value_set: ValueSet,
    value_sets: ValueSets,
    path: Sequence[str] = (),
    cleared: set[str] | None = None,
) -> None:
    """Look for a circle among all that the value set imports, wherever a code may be found.

    An import that is not loaded is passed over: who needs it will say so.

    Args:
        value_set: the definition.
        value_sets: where imported value sets are found.
        path: the canonicals of the value sets that lead to this one.
        cleared: the canonicals that are known to lead into no circle.

    Raises:
        CircularReference: it imports itself, straight or by way of others.
    """
    path = entered(value_set, path)
    cleared = set() if cleared is None else cleared
    compose = value_set.compose or Compose()
    for include in (*compose.include, *compose.exclude):
        for canonical in include.value_set:
            imported = value_sets.find(*split(canonical))
            if imported is not None and imported.canonical not in cleared:
                check_imports(imported, value_sets, path, cleared)
    cleared.add(value_set.canonical)


def provider_of(include: Include, value_sets: ValueSets) -> Provider:
    """The code system that an include names.

    Raises:
        NotFound: it is not loaded, or not in this version.
    """
    url = include.system or ""
    found = value_sets.code_systems.find(url, include.version)
    if found is None:
        versions = [v or "(none)" for v in value_sets.code_systems.versions(url)]
        named = f"'{url}'" + (f" version '{include.version}'" if include.version else "")
        known = f". Valid versions: {' or '.join(versions)}" if versions else ""
        raise NotFound(
            f"A definition for CodeSystem {named} could not be found, so the value set cannot"
            f" be expanded{known}",
            tx_issue_type="not-found",
        )
    return found


def _included(include: Include, value_sets: ValueSets, path: Sequence[str]) -> list[Part]:
    imports = [
        members(value_sets.get(canonical), value_sets, path) for canonical in include.value_set
    ]
    if include.system is not None:
        parts = [_of_system(include, provider_of(include, value_sets))]
    elif imports:
        first = imports.pop(0)
        parts = [part._replace(nested=False) for part in first]
    else:
        raise InvalidInput(NEITHER)
    for imported in imports:
        parts = [part.only(ordinals_of(imported, part.provider.canonical)) for part in parts]
    return parts


def _of_system(include: Include, provider: Provider) -> Part:
    selected = [filters.select(provider, condition) for condition in include.filter]
    if include.concept:
        found = [(provider.find(reference.code), reference) for reference in include.concept]
        references = {p.ordinal: reference for p, reference in reversed(found) if p is not None}
        ordinals = list(dict.fromkeys(p.ordinal for p, _ in found if p is not None))
        part = Part(provider, ordinals, references)
    elif selected:
        part = Part(provider, sorted(set(selected.pop(0))), nested=True)
    else:
        part = Part(provider, range(provider.size), nested=True)
    for passing in selected:
        part = part.only(passing)
    return part


def _once(parts: Iterable[Part]) -> list[Part]:
    seen: dict[str, set[int]] = {}
    unique = []
    for part in parts:
        known = seen.get(part.provider.canonical)
        if known is None:
            seen[part.provider.canonical] = set(part.ordinals)
        else:
            part = part.without(known)  # noqa: PLW2901 - what is left of it takes its place
            known.update(part.ordinals)
        unique.append(part)
    return unique


def _subtracted(parts: list[Part], excluded: Sequence[Part]) -> list[Part]:
    if not excluded:
        return parts
    return [part.without(ordinals_of(excluded, part.provider.canonical)) for part in parts]
