"""`ValueSet/$expand`: the codes that a value set holds.

https://hl7.org/fhir/R5/valueset-operation-expand.html.
"""

from typing import Any

import msgspec

from terminology import languages
from terminology.canonical import split
from terminology.codesystems.provider import Provider
from terminology.errors import MissingInput
from terminology.languages import Languages
from terminology.model import Coding, ConceptReference, Designation, Json
from terminology.operations.context import Context
from terminology.operations.fields import (
    BooleanField,
    CanonicalField,
    CodeField,
    DateTimeField,
    IntegerField,
    StringField,
    UriField,
)
from terminology.operations.schema import ParametersSchema
from terminology.text import fold
from terminology.tree import PlacedConcept
from terminology.valuesets.expansion import (
    Page,
    as_resource,
    check_size,
    contents,
    total_of,
    used,
)
from terminology.valuesets.members import members
from terminology.valuesets.part import Part
from terminology.valuesets.wording import worded


class ExpandRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked; the parameters are described in `ExpandParameters`."""

    url: str | None = None
    value_set_version: str | None = None
    filter: str | None = None
    date: str | None = None
    offset: int | None = None
    count: int | None = None
    include_designations: bool | None = None
    include_definition: bool | None = None
    active_only: bool | None = None
    exclude_nested: bool | None = None
    display_language: str | None = None
    properties: tuple[str, ...] | list[str] = ()
    use_supplement: tuple[str, ...] | list[str] = ()


class ExpandParameters(ParametersSchema[ExpandRequest]):
    """The parameters of `$expand`."""

    request = ExpandRequest
    refused = {  # noqa: RUF012 - marshmallow's metaclass reads class attributes
        "valueSet": "load the value set first, and name it by url",
        "context": "name the value set by url",
        "contextDirection": "name the value set by url",
        "designation": "use includeDesignations, and choose from them",
        "includeDesignationsWithUse": "use includeDesignations, and choose from them",
        "excludeNotForUI": "leave out what the property notSelectable marks",
        "excludePostCoordinated": "expansions hold no post-coordinated codes",
        "exclude-system": "leave out what is of the system",
        "system-version": "name the version in the value set",
        "check-system-version": "name the version in the value set",
        "force-system-version": "name the version in the value set",
        "default-valueset-version": "name the version in the value set",
        "manifest": "name the versions in the value set",
        "tx-resource": "load the resource first",
    }

    url = UriField("The value set, `url` or `url|version`.", type_level_only=True)
    value_set_version = StringField(
        "The version of the value set; the latest that is loaded if left out.",
        type_level_only=True,
        data_key="valueSetVersion",
    )
    filter = StringField("Words that the code or a name of the concept has to hold.")
    date = DateTimeField(
        "The day that the expansion is for. The shipped code systems hold one version each, so"
        " that it changes nothing yet."
    )
    offset = IntegerField("How many codes to pass over; together with `count` it gives pages.")
    count = IntegerField("How many codes to return at most; 0 returns the total alone.")
    include_designations = BooleanField(
        "Whether to return the designations of each concept.", data_key="includeDesignations"
    )
    include_definition = BooleanField(
        "Whether to return the definition of each concept, as its property.",
        data_key="includeDefinition",
    )
    active_only = BooleanField("Whether to leave out inactive codes.", data_key="activeOnly")
    exclude_nested = BooleanField(
        "Whether to list the codes flat where the code system nests them.",
        data_key="excludeNested",
    )
    display_language = CodeField(
        "The language of the displays, as in Accept-Language.", data_key="displayLanguage"
    )
    properties = CodeField(
        "A property to return with each concept, by its code.",
        repeats=True,
        data_key="property",
        versions=("r5",),
    )
    use_supplement = CanonicalField(
        "A code system supplement to apply.",
        repeats=True,
        data_key="useSupplement",
        versions=("r5",),
    )


def expand(request: ExpandRequest, context: Context) -> Json:
    """The value set with its expansion, as a ValueSet resource.

    Raises:
        MissingInput: no value set was named.
        NotFound: the value set, one it imports, a code system of it or a supplement is not loaded.
        TooCostly: more codes than the limit, refused before they are read.
        InvalidInput: the value set's definition can't be read.
    """
    if request.url is None:
        raise MissingInput("Name the value set: send url.", expression="url")
    url, version = split(request.url)
    version = version or request.value_set_version
    value_set = context.value_sets.get(f"{url}|{version}" if version else url)
    parts = _narrowed(members(value_set, context.value_sets), request, context)
    page = Page(
        offset=request.offset,
        count=request.count,
        nested=request.exclude_nested is not True and request.filter is None,
    )
    limits = context.limits
    check_size(value_set, total_of(parts), page, limits.expansion, limits.page)
    writer = _Writer(request)
    entries = contents(parts, page, writer.write)
    parameters = _echo(request) + used(parts)
    return as_resource(value_set, parts, page, entries, parameters, writer.declared())


def _narrowed(parts: list[Part], request: ExpandRequest, context: Context) -> list[Part]:
    if request.use_supplement:
        systems = context.code_systems
        systems.require(request.use_supplement)
        parts = [
            p._replace(provider=systems.supplemented(p.provider, request.use_supplement))
            for p in parts
        ]
    if request.active_only:
        parts = [part.without(part.provider.inactive()) for part in parts]
    if request.filter is not None:
        words = fold(request.filter).split()
        parts = [part.only(part.provider.matching_text(words)) for part in parts]
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
    "display_language": ("displayLanguage", "valueCode"),
}


def _echo(request: ExpandRequest) -> list[Json]:
    return [
        {"name": name, kind: value}
        for attribute, (name, kind) in _ECHOED.items()
        if (value := getattr(request, attribute)) is not None
    ]


class _Writer:
    """Writes concepts as `ValueSet.expansion.contains`, and keeps which properties it used."""

    def __init__(self, request: ExpandRequest) -> None:
        self._languages: Languages | None = (
            languages.parse(request.display_language) if request.display_language else None
        )
        self._designations = request.include_designations is True
        self._wanted = tuple(request.properties)
        if request.include_definition and "definition" not in self._wanted:
            self._wanted = (*self._wanted, "definition")
        self._uris: dict[str, str | None] = {}

    def write(
        self, provider: Provider, placed: PlacedConcept, reference: ConceptReference | None
    ) -> Json:
        """One concept; what the value set says of it goes before what its code system says."""
        concept = worded(placed.concept, provider.head.language, reference)
        entry: Json = {"system": provider.head.url, "code": concept.code}
        if provider.is_abstract(concept):
            entry["abstract"] = True
        if provider.is_inactive(concept):
            entry["inactive"] = True
        display = languages.display_of(concept, provider.head.language, self._languages)
        if display is not None:
            entry["display"] = display
        if self._designations and concept.designation:
            entry["designation"] = [_designation(d) for d in concept.designation]
        properties = self._properties(provider, placed)
        if properties:
            entry["property"] = properties
        return entry

    def declared(self) -> list[Json]:
        """What the properties that were returned mean, as `ValueSet.expansion.property`."""
        return [{"code": code} | ({"uri": uri} if uri else {}) for code, uri in self._uris.items()]

    def _properties(self, provider: Provider, placed: PlacedConcept) -> list[Json]:
        concept = placed.concept
        found: list[Json] = []
        for code in self._wanted:
            if code == "definition" and concept.definition is not None:
                self._uris[code] = "http://hl7.org/fhir/concept-properties#definition"
                found.append({"code": code, "valueString": concept.definition})
        for prop in concept.property:
            value: tuple[str, Any] | None = prop.typed_value()
            if prop.code not in self._wanted or value is None:
                continue
            if isinstance(value[1], Coding):
                value = value[0], msgspec.to_builtins(value[1])
            uris = (d.uri for d in provider.head.property if d.code == prop.code)
            self._uris[prop.code] = next(uris, None)
            found.append({"code": prop.code, value[0]: value[1]})
        return found


def _designation(designation: Designation) -> Json:
    written: Json = msgspec.to_builtins(msgspec.structs.replace(designation, source=None))
    return written
