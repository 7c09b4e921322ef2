"""The parameters by which a request says what it is to be answered from.

Resources that it brings along (`tx-resource`, of HL7's terminology ecosystem), versions,
supplements and languages: the same in every operation.
"""

from typing import TypeVar

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


class VersionedRequest(ScopedRequest, frozen=True, kw_only=True):
    """What an operation on value sets may be told beside."""

    system_version: Many = ()
    check_system_version: Many = ()
    force_system_version: Many = ()
    default_valueset_version: Many = ()

    def scope_of(self, context: Context, supplements: Many = ()) -> Scope:
        """What a value set is worked out with."""
        rules = VersionRules(
            default=by_url(self.system_version),
            check=by_url(self.check_system_version),
            force=by_url(self.force_system_version),
            value_sets=by_url(self.default_valueset_version),
        )
        wanted = (*supplements, *self.use_supplement)
        return Scope(context.code_systems, context.value_sets, rules, wanted)


R = TypeVar("R", bound=ScopedRequest)
V = TypeVar("V", bound=VersionedRequest)


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


class VersionedParameters(ScopedParameters[V]):
    """The parameters that operations on value sets have beside."""

    system_version = CanonicalField(
        "`system|version`: the version of a code system where the value set names none.",
        repeats=True,
        data_key="system-version",
    )
    check_system_version = CanonicalField(
        "`system|version`: the version that a code system has to have; any other is an error.",
        repeats=True,
        data_key="check-system-version",
    )
    force_system_version = CanonicalField(
        "`system|version`: the version of a code system, whatever the value set says.",
        repeats=True,
        data_key="force-system-version",
    )
    default_valueset_version = CanonicalField(
        "`url|version`: the version of an imported value set where the import names none.",
        repeats=True,
        data_key="default-valueset-version",
        versions=("r5",),
    )
