"""`ValueSet/$expand`: the codes that a value set holds.

https://hl7.org/fhir/R5/valueset-operation-expand.html.
"""

from terminology import languages
from terminology.model import Json, ValueSet
from terminology.operations.context import Context
from terminology.operations.fields import (
    BooleanField,
    CodeField,
    DateTimeField,
    IntegerField,
    ResourceField,
    StringField,
    UriField,
)
from terminology.operations.scoping import Many, ScopedRequest, VersionedParameters, scope_of
from terminology.operations.valueset_validate_code import language_of, value_set_of
from terminology.valuesets.entries import Entries
from terminology.valuesets.expansion import Page, as_resource, check_size, contents, total_of
from terminology.valuesets.members import (
    compose_of,
    matches_versions,
    members,
    supplements_of,
    versioned_systems,
)
from terminology.valuesets.part import Part
from terminology.valuesets.scope import Scope
from terminology.valuesets.searched import searched
from terminology.valuesets.statuses import warnings


class ExpandRequest(ScopedRequest, frozen=True, kw_only=True):
    """What is asked; the parameters are described in `ExpandParameters`."""

    url: str | None = None
    value_set: Json | None = None
    value_set_version: str | None = None
    filter: str | None = None
    date: str | None = None
    offset: int | None = None
    count: int | None = None
    include_designations: bool | None = None
    designation: Many = ()
    include_definition: bool | None = None
    active_only: bool | None = None
    exclude_nested: bool | None = None
    properties: Many = ()
    system_version: Many = ()
    check_system_version: Many = ()
    force_system_version: Many = ()
    default_valueset_version: Many = ()


class ExpandParameters(VersionedParameters[ExpandRequest]):
    """The parameters of `$expand`."""

    request = ExpandRequest
    refused = {  # noqa: RUF012 - marshmallow's metaclass reads class attributes
        "context": "name the value set by url",
        "contextDirection": "name the value set by url",
        "includeDesignationsWithUse": "use includeDesignations, and choose from them",
        "excludeNotForUI": "leave out what the property notSelectable marks",
        "excludePostCoordinated": "expansions hold no post-coordinated codes",
        "exclude-system": "leave out what is of the system",
        "manifest": "name the versions in the value set",
    }

    url = UriField("The value set, `url` or `url|version`.", type_level_only=True)
    value_set = ResourceField(
        "The value set itself, in place of `url`.", data_key="valueSet", type_level_only=True
    )
    value_set_version = StringField(
        "The version of the value set; the latest that is loaded if left out.",
        type_level_only=True,
        data_key="valueSetVersion",
    )
    filter = StringField(
        "Text as a person types it. In CPT it finds codes by their beginning, modifiers, and words"
        " in any order by their beginning, the best first; elsewhere the code or a name of the"
        " concept has to hold every word."
    )
    date = DateTimeField(
        "The day that the expansion is for: it chooses the coding rules where a filter asks them,"
        " and for what ships it changes nothing yet. Today if left out; a year or a month stands"
        " for its first day."
    )
    offset = IntegerField("How many codes to pass over; together with `count` it gives pages.")
    count = IntegerField("How many codes to return at most; 0 returns the total alone.")
    include_designations = BooleanField(
        "Whether to return the designations of each concept.", data_key="includeDesignations"
    )
    designation = StringField(
        "Which designations to return: `urn:ietf:bcp:47|tag`, or `system|code` of a use.",
        repeats=True,
    )
    include_definition = BooleanField(
        "Whether to return the extensions that belong to the definition, such as the supplements"
        " it needs; the compose itself is read at the value set.",
        data_key="includeDefinition",
    )
    active_only = BooleanField("Whether to leave out inactive codes.", data_key="activeOnly")
    exclude_nested = BooleanField(
        "Whether to list the codes flat where the code system nests them.",
        data_key="excludeNested",
    )
    properties = CodeField(
        "A property to return with each concept, by its code.",
        repeats=True,
        data_key="property",
        versions=("r5",),
    )


def expand(request: ExpandRequest, context: Context) -> Json:
    """The value set with its expansion, as a ValueSet resource.

    Raises:
        MissingInput: no value set was named.
        NotFound: the value set, one it imports, a code system of it or a supplement is not loaded.
        VersionRefused: a code system is of a version that is not allowed.
        TooCostly: more codes than the limit, refused before they are read.
        InvalidInput: the value set's definition can't be read.
    """
    context = request.context_of(context).on(request.date)
    value_set = value_set_of(request.url, request.value_set, request.value_set_version, context)
    scope = scope_of(request, context, supplements_of(value_set))
    scope.require_supplements()
    parts = _narrowed(members(value_set, scope), request)
    page = Page(
        offset=request.offset, count=request.count, nested=request.exclude_nested is not True
    )
    limits = context.limits
    check_size(value_set, total_of(parts), page, limits.expansion, limits.page)
    language = language_of(request.display_language, value_set, context)
    entries = Entries(
        languages=languages.parse(language) if language else None,
        designations=request.include_designations is True,
        chosen=tuple(request.designation),
        properties=request.properties,
        versioned=versioned_systems(value_set, parts),
    )
    written = contents(parts, page, entries)
    parameters = _echo(request, language) + _used(value_set, scope, parts)
    resource = as_resource(value_set, parts, page, written, parameters, entries.declared())
    if request.include_definition and value_set.extension:
        resource["extension"] = value_set.extension
    return resource


def _narrowed(parts: list[Part], request: ExpandRequest) -> list[Part]:
    if request.active_only:
        parts = [part.without(part.provider.inactive()) for part in parts]
    if request.filter is not None:
        parts = searched(parts, request.filter)
    return parts


_ECHOED = {
    "filter": ("filter", "valueString"),
    "date": ("date", "valueDateTime"),
    "offset": ("offset", "valueInteger"),
    "count": ("count", "valueInteger"),
    "include_designations": ("includeDesignations", "valueBoolean"),
    "include_definition": ("includeDefinition", "valueBoolean"),
    "active_only": ("activeOnly", "valueBoolean"),
    "exclude_nested": ("excludeNested", "valueBoolean"),
}


def _echo(request: ExpandRequest, language: str | None) -> list[Json]:
    found: list[Json] = [
        {"name": name, kind: value}
        for attribute, (name, kind) in _ECHOED.items()
        if (value := getattr(request, attribute)) is not None
    ]
    found += [{"name": "designation", "valueString": chosen} for chosen in request.designation]
    if language:
        found.append({"name": "displayLanguage", "valueCode": language})
    found += [
        {"name": "force-system-version", "valueUri": pinned}
        for pinned in request.force_system_version
    ]
    return found


_RULES = {
    "default": "system-version",
    "check": "check-system-version",
    "value-set": "default-valueset-version",
}


def _used(value_set: ValueSet, scope: Scope, parts: list[Part]) -> list[Json]:
    found = [
        (_RULES[rule], canonical) for rule, canonical in sorted(scope.decided) if rule in _RULES
    ]
    found += [("used-codesystem", canonical) for canonical in scope.used_systems]
    found += [
        ("used-fragment", head.canonical)
        for head in scope.used_systems.values()
        if head.content == "fragment"
    ]
    found += [("used-valueset", canonical) for canonical in scope.used_value_sets]
    found += [
        ("used-supplement", supplement.canonical)
        for part in parts
        for supplement in part.provider.supplements
    ]
    found += [
        (f"warning-{status}", resource.canonical) for status, resource in warnings(value_set, scope)
    ]
    used: list[Json] = [{"name": n, "valueUri": canonical} for n, canonical in dict.fromkeys(found)]
    if matches_versions(compose_of(value_set)) or scope.versions_matched:
        used.append({"name": "versionsMatch", "valueBoolean": True})
    return used
