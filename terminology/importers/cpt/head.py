"""The CodeSystem resource of a CPT release: the same properties and filters as what ships."""

from terminology import content
from terminology.model import Json

URL = "http://www.ama-assn.org/go/cpt"
_SAME = (
    "language",
    "identifier",
    "jurisdiction",
    "caseSensitive",
    "valueSet",
    "compositional",
    "versionNeeded",
    "filter",
)
_META = "http://hl7.org/fhir/concept-properties#"
_MORE: list[Json] = [
    {
        "code": "inactive",
        "uri": f"{_META}inactive",
        "description": "Whether the code was deleted by the first day of this release",
        "type": "boolean",
    },
    {
        "code": "deletionDate",
        "uri": f"{_META}retirementDate",
        "description": "Day on which the code was deleted: the first on which it is not used",
        "type": "dateTime",
    },
    {
        "code": "deletion",
        "description": "When the code was deleted, in the words of the file, where it names no day",
        "type": "string",
    },
    {
        "code": "instruction",
        "description": "What the file says of a deleted code, such as what to report instead",
        "type": "string",
    },
    {"code": "addedDate", "description": "Day on which the code was added", "type": "dateTime"},
    {
        "code": "changedDate",
        "description": "Day of the last change of the code that is on record",
        "type": "dateTime",
    },
    {
        "code": "effectiveDate",
        "description": "Day from which a laboratory analysis may be reported",
        "type": "dateTime",
    },
    {
        "code": "proprietaryName",
        "description": "Name under which a laboratory sells the analysis",
        "type": "string",
    },
    {"code": "laboratory", "description": "Laboratory that does the analysis", "type": "string"},
    {"code": "manufacturer", "description": "Manufacturer of the analysis", "type": "string"},
]


def head_of(version: str, notice: str = "") -> Json:
    """The resource of a release, such as `2026`, without concepts.

    Its copyright is the line that HL7's page asks for, of the release's year
    (https://terminology.hl7.org/CPT.html), and then the notice of the files word for word: that
    may name another year, and other terms.
    """
    shipped = next(r for r in content.resources() if r.get("url") == URL and "property" in r)
    head: Json = {
        "resourceType": "CodeSystem",
        "id": f"cpt-{version}",
        "url": URL,
        "version": version,
        "name": "CPT",
        "title": f"Current Procedural Terminology (CPT) {version}",
        "status": "active",
        "experimental": False,
        "publisher": "American Medical Association",
        "copyright": _copyright(version, notice),
        "content": "complete",
    }
    head |= {name: shipped[name] for name in _SAME if name in shipped}
    return head | {"property": [*shipped["property"], *_MORE]}


def _copyright(version: str, notice: str) -> str:
    line = (
        f"CPT © Copyright {version} American Medical Association. All rights reserved. AMA and CPT"
        " are registered trademarks of the American Medical Association."
    )
    return f"{line}\n\nThe notice of the files reads:\n\n{notice}" if notice else line
