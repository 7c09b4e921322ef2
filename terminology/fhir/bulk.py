"""The structure of large terminologies: the usual quickly, the rest by `structure`."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from terminology.fhir.json import Json, decode_any
from terminology.fhir.outcome import Issue
from terminology.fhir.strict import Form, usual_forms
from terminology.fhir.structure import structure_issues
from terminology.fhir.versions import FhirVersion


class Thinned(msgspec.Struct, frozen=True):
    """A resource without the most of its long lists.

    Attributes:
        resource: with the first item of each list, and those that are not of the usual form.
        kept: the places of those in the whole list, by the FHIRPath of the list.
    """

    resource: Json
    kept: dict[str, list[int]]

    def issues(self, version: FhirVersion) -> list[Issue]:
        """What is wrong with the structure of the whole, as `structure_issues` tells it."""
        return [self._placed(issue) for issue in structure_issues(self.resource, version)]

    def _placed(self, issue: Issue) -> Issue:
        for path, places in self.kept.items():
            found = re.match(rf"{re.escape(path)}\[(\d+)\]", issue.expression[0])
            if found:
                old, new = found[0], f"{path}[{places[int(found[1])]}]"
                at = issue.expression[0].replace(old, new, 1)
                text = issue.text.replace(old, new)
                return msgspec.structs.replace(issue, text=text, expression=(at,))
        return issue


def thinned(resource: Json, version: FhirVersion) -> Thinned:
    """Leave out what has the usual form, since nothing can be wrong with it.

    Args:
        resource: in the shape of `version`; items of a long list may be undecoded JSON, each of
            them a `msgspec.Raw`. It is not written to.
        version: whose forms apply.

    Raises:
        MalformedInput: an undecoded item is not JSON that can be read.
    """
    kept: dict[str, list[int]] = {}
    root = resource["resourceType"]
    for form in usual_forms(root, version):
        resource = _thin(resource, form, form.path, root, kept)
    return Thinned(resource, kept)


def _thin(
    value: Json, form: Form, path: Sequence[str], at: str, kept: dict[str, list[int]]
) -> Json:
    name, *rest = path
    inner, below = value.get(name), f"{at}.{name}"
    if isinstance(inner, dict) and rest:
        return value | {name: _thin(inner, form, rest, below, kept)}
    if not isinstance(inner, list) or not inner:
        return value
    if rest:
        items = [
            _thin(item, form, rest, f"{below}[{n}]", kept) if isinstance(item, dict) else item
            for n, item in enumerate(inner)
        ]
        return value | {name: items}
    # The first is left in any case, so that no list is empty.
    places = [0, *(n for n in range(1, len(inner)) if not form.fits(inner[n]))]
    kept[below] = places
    return value | {name: [decoded(inner[place]) for place in places]}


def decoded(item: Any) -> Any:
    """An item of a long list as JSON has it, whether it was decoded or not."""
    return decode_any(bytes(item)) if type(item) is msgspec.Raw else item
