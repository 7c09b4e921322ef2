"""What the sweep of all parameters asks about: what no shipped code has.

Two versions, a hierarchy, a group, an inactive code, two languages, a supplement and maps.
"""

from tests.service.asking import Json

COLOURS = "https://example.org/colours"
TINTS = "https://example.org/ValueSet/tints"
NEWEST = "https://example.org/ValueSet/newest"
SUPPLEMENTED = "https://example.org/ValueSet/supplemented"
IMPORTED = "https://example.org/ValueSet/imported"
TO_GERMAN = "https://example.org/ConceptMap/to-german"
GERMAN = "https://example.org/farben"
CONCEPTS: list[Json] = [
    {
        "code": "warm",
        "display": "Warm",
        "definition": "The colours of fire",
        "property": [{"code": "notSelectable", "valueBoolean": True}],
        "concept": [
            {
                "code": "red",
                "display": "Red",
                "property": [{"code": "wavelength", "valueInteger": 700}],
                "designation": [{"language": "de", "value": "Rot"}],
            }
        ],
    },
    {
        "code": "puce",
        "display": "Puce",
        "property": [{"code": "inactive", "valueBoolean": True}],
    },
]
RESOURCES: tuple[Json, ...] = (
    {
        "resourceType": "CodeSystem",
        "id": "colours",
        "url": COLOURS,
        "version": "2",
        "name": "Colours",
        "status": "active",
        "language": "en",
        "content": "complete",
        "caseSensitive": True,
        "hierarchyMeaning": "is-a",
        "property": [
            {
                "code": "notSelectable",
                "uri": "http://hl7.org/fhir/concept-properties#notSelectable",
                "type": "boolean",
            },
            {
                "code": "inactive",
                "uri": "http://hl7.org/fhir/concept-properties#inactive",
                "type": "boolean",
            },
            {"code": "wavelength", "type": "integer"},
        ],
        "concept": CONCEPTS,
    },
    {
        "resourceType": "CodeSystem",
        "id": "colours-1",
        "url": COLOURS,
        "version": "1",
        "name": "Colours",
        "status": "retired",
        "content": "complete",
        "concept": [{"code": "mauve", "display": "Mauve"}],
    },
    {
        "resourceType": "CodeSystem",
        "id": "colours-fr",
        "url": f"{COLOURS}-fr",
        "name": "ColoursInFrench",
        "status": "active",
        "content": "supplement",
        "supplements": COLOURS,
        "concept": [{"code": "red", "designation": [{"language": "fr", "value": "Rouge"}]}],
    },
    *(
        {
            "resourceType": "ValueSet",
            "id": f"tints-{version}",
            "url": TINTS,
            "version": version,
            "name": "Tints",
            "status": "active",
            "compose": {"include": [{"system": COLOURS, "version": version}]},
        }
        for version in ("1", "2")
    ),
    {
        "resourceType": "ValueSet",
        "id": "newest",
        "url": NEWEST,
        "name": "Newest",
        "status": "active",
        "compose": {"include": [{"system": COLOURS}]},
    },
    {
        "resourceType": "ValueSet",
        "id": "imported",
        "url": IMPORTED,
        "name": "Imported",
        "status": "active",
        "compose": {"include": [{"valueSet": [TINTS]}]},
    },
    *(
        {
            "resourceType": "ConceptMap",
            "id": f"to-german-{version}",
            "url": TO_GERMAN,
            "version": version,
            "name": "ToGerman",
            "status": "active",
            "sourceScopeUri": TINTS,
            "targetScopeUri": f"{TINTS}-de",
            "group": [
                {
                    "source": COLOURS,
                    "target": GERMAN,
                    "element": [
                        {
                            "code": "red",
                            "target": [{"code": german, "relationship": "equivalent"}],
                        }
                    ],
                }
            ],
        }
        for version, german in (("1", "rosa"), ("2", "rot"))
    ),
    {
        "resourceType": "ValueSet",
        "id": "supplemented",
        "url": SUPPLEMENTED,
        "name": "Supplemented",
        "status": "active",
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/valueset-supplement",
                "valueCanonical": f"{COLOURS}-fr",
            }
        ],
        "compose": {"include": [{"system": COLOURS}]},
    },
    {
        "resourceType": "ConceptMap",
        "id": "elsewhere",
        "url": "https://example.org/ConceptMap/elsewhere",
        "name": "Elsewhere",
        "status": "active",
        "group": [
            {
                "source": COLOURS,
                "target": f"{COLOURS}-in-french",
                "element": [
                    {"code": "red", "target": [{"code": "rot", "relationship": "equivalent"}]}
                ],
            },
            {
                "source": f"{COLOURS}-in-spanish",
                "target": GERMAN,
                "element": [
                    {"code": "rojo", "target": [{"code": "rot", "relationship": "equivalent"}]}
                ],
            },
        ],
    },
)
