"""What a value set holds: its compose worked out into parts, without reading a concept.

https://hl7.org/fhir/R5/valueset.html#compositions: within an include all conditions hold
together, includes add up, excludes take away.
"""

from collections.abc import Sequence

from terminology import filters
from terminology.canonical import version_key
from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput, NotFound, ProtermError
from terminology.model import Compose, Include, ValueSet
from terminology.valuesets.part import Part, once, ordinals_of
from terminology.valuesets.resolution import Resolution
from terminology.valuesets.scope import Scope, entered

NEITHER = "An include of the value set names neither a system nor a value set."


class VersionRefused(ProtermError):
    """A version of a code system that `check-system-version` does not allow."""

    issue_code = "exception"
    tx_issue_type = "version-error"


def members(value_set: ValueSet, scope: Scope, path: Sequence[str] = ()) -> list[Part]:
    """What the value set holds, in the order of its includes, each concept once.

    Args:
        value_set: the definition.
        scope: where code systems and imported value sets are found, and in which version.
        path: the canonicals of the value sets that are being worked out.

    Raises:
        NotFound: a code system or value set that it names is not loaded.
        VersionRefused: a code system is of a version that is not allowed.
        InvalidInput: it has no compose, or a filter that can't be read.
        CircularReference: it imports itself.
    """
    path = entered(value_set, path)
    return scope.once(value_set, ("members",), lambda: _members(value_set, scope, path))


def _members(value_set: ValueSet, scope: Scope, path: Sequence[str]) -> list[Part]:
    compose = compose_of(value_set)
    included = [p for i in compose.include for p in _included(i, value_set, scope, path)]
    excluded = [p for i in compose.exclude for p in _included(i, value_set, scope, path)]
    parts = _subtracted(_newest_first(once(included)), excluded, scope)
    if compose.inactive is False:
        parts = [part.without(part.provider.inactive()) for part in parts]
    if matches_versions(compose):
        parts = _merged(parts)
    return parts


def compose_of(value_set: ValueSet) -> Compose:
    """The definition of a value set.

    Raises:
        InvalidInput: it has none.
    """
    if value_set.compose is None:
        raise InvalidInput(
            f"The value set '{value_set.canonical}' has no compose, so nothing says what it holds."
        )
    _check_filters(value_set.compose)
    return value_set.compose


def _check_filters(compose: Compose) -> None:
    for kind, includes in (("include", compose.include), ("exclude", compose.exclude)):
        for i, include in enumerate(includes):
            for j, condition in enumerate(include.filter):
                path = f"ValueSet.compose.{kind}[{i}].filter[{j}]"
                filters.check(include.system, condition, path)


def matches_versions(compose: Compose) -> bool:
    """Whether the same code of two versions is one code (`versionsMatch`)."""
    return expansion_parameters(compose).get("versionsMatch") == "true"


def versioned_systems(value_set: ValueSet, parts: Sequence[Part]) -> set[str]:
    """The code systems of which the value set speaks in several versions."""
    compose = compose_of(value_set)
    versions: dict[str, set[str]] = {}
    for include in (*compose.include, *compose.exclude):
        if include.system is not None:
            versions.setdefault(include.system, set()).add(include.version or "")
    found = {system for system, stated in versions.items() if len(stated) > 1}
    keys: dict[str, set[str]] = {}
    for part in parts:
        keys.setdefault(part.provider.head.url or "", set()).add(part.key)
    return found | {system for system, used in keys.items() if len(used) > 1}


def supplements_of(value_set: ValueSet) -> tuple[str, ...]:
    """The supplements that a value set says it needs.

    https://hl7.org/fhir/extensions/StructureDefinition-valueset-supplement.html.
    """
    return tuple(
        str(value)
        for e in value_set.extension
        if e.get("url") == _SUPPLEMENT and (value := _value(e)) is not None
    )


def expansion_parameters(compose: Compose) -> dict[str, str]:
    """What the definition itself asks of an expansion, as text by name.

    https://hl7.org/fhir/extensions/StructureDefinition-valueset-expansion-parameter.html.
    """
    found: dict[str, str] = {}
    for extension in compose.extension:
        if extension.get("url") == _PARAMETER:
            inner = extension.get("extension")
            stated = inner if isinstance(inner, list) else []
            parts = {p.get("url"): p for p in stated if isinstance(p, dict)}
            name, value = (_value(parts.get(part, {})) for part in ("name", "value"))
            if name is not None and value is not None:
                found[name] = value
    return found


_SUPPLEMENT = "http://hl7.org/fhir/StructureDefinition/valueset-supplement"
_PARAMETER = "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter"


def _value(extension: dict[str, object]) -> str | None:
    for name, value in extension.items():
        if name.startswith("value"):
            return str(value).lower() if isinstance(value, bool) else str(value)
    return None


def provider_of(include: Include, scope: Scope) -> Provider:
    """The code system that an include names.

    Raises:
        NotFound: it is not loaded, or not in this version.
        VersionRefused: its version is not allowed.
    """
    resolution = scope.resolve(include.system or "", include.version)
    if resolution.provider is None:
        raise NotFound(_not_found(resolution, scope), tx_issue_type="not-found")
    if resolution.required is not None:
        raise VersionRefused(
            f"The version '{resolution.version}' is not allowed for system"
            f" '{resolution.system}': required to be '{resolution.required}' by a version-check"
            " parameter"
        )
    return resolution.provider


def _not_found(resolution: Resolution, scope: Scope) -> str:
    versions = [v for v in scope.code_systems.versions(resolution.system) if v]
    version = f" version '{resolution.wanted}'" if resolution.wanted else ""
    known = f". Valid versions: {' or '.join(versions)}" if resolution.wanted and versions else ""
    return (
        f"A definition for CodeSystem '{resolution.system}'{version} could not be found, so the"
        f" value set cannot be expanded{known}"
    )


def _included(
    include: Include, value_set: ValueSet, scope: Scope, path: Sequence[str]
) -> list[Part]:
    imports = [
        members(scope.imported(canonical, value_set), scope, path)
        for canonical in include.value_set
    ]
    if include.system is not None:
        part = _of_system(include, provider_of(include, scope))
        parts = [part._replace(stated=bool(include.version))]
    elif imports:
        parts = [part._replace(nested=False) for part in imports.pop(0)]
    else:
        raise InvalidInput(NEITHER)
    for imported in imports:
        parts = [_in_both(part, imported) for part in parts]
    return parts


def _in_both(part: Part, imported: Sequence[Part]) -> Part:
    unclosed = any(other.unclosed for other in imported if other.key == part.key)
    kept = part.only(ordinals_of(imported, part.key))
    return kept._replace(unclosed=part.unclosed and unclosed)


def _of_system(include: Include, provider: Provider) -> Part:
    selected = [filters.select(provider, condition) for condition in include.filter]
    if include.concept:
        found = [(provider.find(reference.code), reference) for reference in include.concept]
        references = {p.ordinal: reference for p, reference in reversed(found) if p is not None}
        ordinals = list(dict.fromkeys(p.ordinal for p, _ in found if p is not None))
        part = Part(provider, ordinals, references)
    elif selected:
        part = Part(provider, sorted(set(selected.pop(0))), nested=True, filtered=True)
    else:
        part = Part(provider, range(provider.size), nested=True)
    for passing in selected:
        part = part.only(passing)
    return part._replace(unclosed=_is_unclosed(include, provider))


def _is_unclosed(include: Include, provider: Provider) -> bool:
    expression = provider.expression
    if expression is None or include.concept:
        return False
    return all(filters.contains(provider, condition, expression) for condition in include.filter)


def _newest_first(parts: list[Part]) -> list[Part]:
    """The parts with the versions of a code system in order, among the places that they have.

    A named version goes before one that was found, and a newer before an older.
    """
    by_url: dict[str | None, list[Part]] = {}
    for part in parts:
        by_url.setdefault(part.provider.head.url, []).append(part)
    if all(len({p.key for p in same}) == 1 for same in by_url.values()):
        return parts
    for same in by_url.values():
        same.sort(key=lambda p: (p.stated, version_key(p.provider.head.version)))
    return [by_url[part.provider.head.url].pop() for part in parts]


def _subtracted(parts: list[Part], excluded: Sequence[Part], scope: Scope) -> list[Part]:
    keys = {part.key for part in parts}
    for out in excluded:
        url = out.provider.head.url
        if out.key in keys:
            if out.unclosed:
                parts = [p._replace(unclosed=False) if p.key == out.key else p for p in parts]
            parts = [p.without(out.ordinals) if p.key == out.key else p for p in parts]
        elif any(part.provider.head.url == url for part in parts):
            # A version that is not included can only be meant by its codes.
            codes = out.codes()
            parts = [p.without_codes(codes) if p.provider.head.url == url else p for p in parts]
            scope.versions_matched = True
    return parts


def _merged(parts: list[Part]) -> list[Part]:
    newest = sorted(parts, key=lambda p: version_key(p.provider.head.version), reverse=True)
    kept: dict[str, frozenset[str]] = {}
    merged: dict[int, Part] = {}
    for part in newest:
        url = part.provider.head.url or ""
        known = kept.get(url, frozenset())
        left = part.without_codes(known) if known else part
        merged[id(part)] = left
        kept[url] = known | left.codes()
    return [merged[id(part)] for part in parts]
