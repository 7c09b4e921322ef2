"""Where a release comes from, as FHIR says it: its files, who loaded them and when.

https://hl7.org/fhir/R5/provenance.html. The hash of an attachment is SHA-1 in FHIR; the SHA-256 of
a file stands as the identifier of what the release was made from.
"""

import re
from collections.abc import Sequence

from terminology.model import Json
from terminology.store.catalogue import Release

_SHA256 = "https://proterm.example/fhir/sha-256"
_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_ACTIVITIES = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
_LONGEST = 64


def document_id(release: Release) -> str:
    """The id of the DocumentReference that stands for the files of a release."""
    named = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{release.slot}-{release.fingerprint[:8]}")
    return named[-_LONGEST:].lstrip("-")


def document_of(release: Release) -> Json:
    """The DocumentReference of a release's files, with the notice that stood in them."""
    said = f"{release.title}, as loaded."
    content = [
        {"attachment": {"title": file.name, "size": str(file.size)}} for file in release.files
    ]
    return {
        "resourceType": "DocumentReference",
        "id": document_id(release),
        "language": "en",
        "status": "current",
        "date": release.loaded_at,
        "description": f"{said} {release.notice}".strip(),
        "content": content,
    }


def provenance_of(release: Release, targets: Sequence[str]) -> Json:
    """The Provenance of a release.

    Args:
        release: who loaded it, when, and from which files.
        targets: references to the resources that it holds; the DocumentReference stands for what is
            no resource, such as the rows of a table.
    """
    document = f"DocumentReference/{document_id(release)}"
    return {
        "resourceType": "Provenance",
        "id": document_id(release),
        "language": "en",
        "target": [{"reference": target} for target in targets or (document,)],
        "recorded": release.loaded_at,
        "activity": {"coding": [{"system": _ACTIVITIES, "code": "CREATE", "display": "create"}]},
        "agent": [
            {
                "type": {
                    "coding": [{"system": _TYPES, "code": "assembler", "display": "Assembler"}]
                },
                "who": {"display": release.loaded_by},
            }
        ],
        "entity": [
            {
                "role": "source",
                "what": {
                    "reference": document,
                    "identifier": {"system": _SHA256, "value": file.sha256},
                    "display": file.name,
                },
            }
            for file in release.files
        ],
    }
