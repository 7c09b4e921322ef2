"""A code that a person typed, looked up where procedure codes are."""

from collections.abc import Mapping, Sequence
from typing import Any

from terminology.codesystems import cpt
from terminology.errors import NotFound
from terminology.operations.context import Context
from terminology.operations.lookup import LookupParameters, LookupResult, lookup

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
SYSTEMS = {"cpt": cpt.URL, "hcpcs": HCPCS}
"""The short names of the code systems for procedures, in the order in which they are asked."""

_PARAMETERS = LookupParameters()


def look_up(
    context: Context, sent: Mapping[str, Sequence[Any]], system: str | None = None
) -> LookupResult:
    """What is known of a code.

    Args:
        context: the engine.
        sent: the parameters of `$lookup` as texts, but for `system`.
        system: a URL or a short name; each of `SYSTEMS` in turn if left out.

    Raises:
        NotFound: no system that was asked has the code; what the first one says of it.
        InvalidInput: a parameter is not of its type, or was sent twice.
    """
    if system is not None:
        asked = {**sent, "system": [SYSTEMS.get(system.lower(), system)]}
        return lookup(_PARAMETERS.read(asked), context)
    first: NotFound | None = None
    for url in SYSTEMS.values():
        try:
            return look_up(context, sent, url)
        except NotFound as error:
            first = first or error
    raise first or NotFound("No code system for procedures is loaded.")
