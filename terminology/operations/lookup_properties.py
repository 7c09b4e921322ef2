"""The properties of a concept as `$lookup` tells them."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from terminology.codesystems.provider import LookupProperty
from terminology.fhir.outcome import Issue
from terminology.model import Coding, Concept, Property

_SOURCE = "https://proterm.example/fhir/StructureDefinition/source"


def own_words(owner: str) -> LookupProperty:
    """That the displays are this service's, and whose are not loaded."""
    text = f"Display and definition are this service's own words; {owner}'s are not loaded"
    return LookupProperty(code="display-origin", value=("valueString", text))


def of_base(base: Concept) -> Iterator[LookupProperty]:
    """What is known of the base: its own properties as parts, since an expression has not them.

    What supplements say follows as in the answer on the base itself, with its sources.
    """
    own = [
        msgspec.structs.replace(stated(prop), subproperties=())
        for prop in base.property
        if prop.source is None
    ]
    names = [("definition", base.definition), *(("designation", d.value) for d in base.designation)]
    parts = [LookupProperty(code=code, value=("valueString", text)) for code, text in names if text]
    yield LookupProperty(
        code="base-code",
        value=("valueCode", base.code),
        description=base.display,
        subproperties=(*own, *parts),
    )
    yield from (stated(prop) for prop in base.property if prop.source is not None)


def not_checked(remarks: Iterable[Issue]) -> Iterator[LookupProperty]:
    """Of the remarks on an expression those that say what no rule could be asked of, and why.

    The findings of the rules stand beside them, and none would look like all clear.
    """
    for remark in remarks:
        if remark.code == "incomplete":
            yield LookupProperty(code="not-checked", value=("valueString", remark.text))


def stated(prop: Property) -> LookupProperty:
    """A property as the code system or a supplement states it."""
    value = prop.typed_value()
    if value is not None and isinstance(value[1], Coding):
        value = value[0], msgspec.to_builtins(value[1])
    if value is None and prop.absent_string is not None:
        value = "_valueString", prop.absent_string
    description = prop.value_coding.display if prop.value_coding is not None else None
    return LookupProperty(
        code=prop.code,
        value=value,
        description=description,
        source=prop.source,
        subproperties=_sources(prop) if prop.extension else (),
    )


def _sources(prop: Property) -> tuple[LookupProperty, ...]:
    source: Any = prop.extension_value(_SOURCE)
    if isinstance(source, dict) and isinstance(source.get("reference"), str):
        return (LookupProperty(code="source", value=("valueString", source["reference"])),)
    return ()
