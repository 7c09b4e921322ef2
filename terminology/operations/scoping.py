"""The parameters by which a request says what it is to be answered from.

Resources that it brings along (`tx-resource`, of HL7's terminology ecosystem), versions,
supplements and languages: the same in every operation.
"""

from typing import Protocol, TypeVar

import msgspec

from terminology.model import Json
from terminology.operations.context import Context
from terminology.operations.fields import CanonicalField, CodeField, ResourceField
from terminology.operations.schema import ParametersSchema
from terminology.valuesets.resolution import VersionRules, by_url
from terminology.valuesets.scope import Scope

Many = tuple[str, ...] | list[str]


class ScopedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What every operation may be told; the parameters are described in `ScopedParameters`."""

    tx_resource: tuple[Json, ...] | list[Json] = ()
    display_language: str | None = None
    use_supplement: Many = ()

    def context_of(self, context: Context) -> Context:
        """The context with the resources of the request before those that are loaded."""
        return context.with_resources(self.tx_resource) if self.tx_resource else context


class Versioned(Protocol):
    """A request on a value set: what such a one may be told beside."""

    @property
    def system_version(self) -> Many:
        """Of code systems that are included without one."""

    @property
    def check_system_version(self) -> Many:
        """What versions of code systems have to be."""

    @property
    def force_system_version(self) -> Many:
        """Of code systems, whatever the value set says."""

    @property
    def default_valueset_version(self) -> Many:
        """Of value sets that are imported without one."""

    @property
    def use_supplement(self) -> Many:
        """The supplements to apply."""


def scope_of(request: Versioned, context: Context, supplements: Many = ()) -> Scope:
    """What a value set is worked out with; the supplements that it needs go first."""
    rules = VersionRules(
        default=by_url(request.system_version),
        check=by_url(request.check_system_version),
        force=by_url(request.force_system_version),
        value_sets=by_url(request.default_valueset_version),
    )
    wanted = (*supplements, *request.use_supplement)
    return Scope(context.code_systems, context.value_sets, rules, wanted)


R = TypeVar("R", bound=ScopedRequest)


class ScopedParameters(ParametersSchema[R]):
    """The parameters that every operation has."""

    display_language = CodeField(
        "The language of the display, as in Accept-Language, which it goes before.",
        data_key="displayLanguage",
    )
    use_supplement = CanonicalField(
        "A code system supplement to apply: its designations are valid displays too.",
        repeats=True,
        data_key="useSupplement",
        versions=("r5",),
    )
    tx_resource = ResourceField(
        "A CodeSystem, ValueSet or ConceptMap that this request is answered with, before one of"
        " the same URL and version that is loaded.",
        repeats=True,
        data_key="tx-resource",
        versions=(),
    )


class VersionedParameters(ScopedParameters[R]):
    """The parameters that operations on value sets have beside."""

    system_version = CanonicalField(
        "The version of a code system where the value set names none, as `system|version`.",
        repeats=True,
        data_key="system-version",
    )
    check_system_version = CanonicalField(
        "The version that a code system has to have, as `system|version`; any other is an error.",
        repeats=True,
        data_key="check-system-version",
    )
    force_system_version = CanonicalField(
        "The version of a code system, whatever the value set says, as `system|version`.",
        repeats=True,
        data_key="force-system-version",
    )
    default_valueset_version = CanonicalField(
        "The version of an imported value set where the import names none, as `url|version`.",
        repeats=True,
        data_key="default-valueset-version",
        versions=("r5",),
    )
