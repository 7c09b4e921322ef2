"""What a handler answers, before it is given a version and a format."""

from collections.abc import Mapping

import msgspec

from terminology.fhir import convert, json
from terminology.fhir.versions import FhirVersion
from terminology.model import Json


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a handler found.

    Attributes:
        resource: the resource, R5-shaped; or its R5 JSON, where the store has it so.
        status: the HTTP status.
        headers: more headers.
        cacheable: whether a client may keep it and ask with If-None-Match whether it changed.
    """

    resource: Json | bytes
    status: int = 200
    headers: Mapping[str, str] = {}
    cacheable: bool = False

    def decoded(self, version: FhirVersion) -> Json:
        """The resource as dictionaries, in the shape of a version."""
        resource = self.resource
        if isinstance(resource, bytes):
            resource = json.decode(resource)
        return convert.to_version(resource, version)
