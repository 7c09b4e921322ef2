"""What the operations answer: their output parameters, one table.

The inputs are described where they are read, in the schemas of `terminology.operations`. Answers
are written by code that has no such schema, so the table stands here; tests compare it with real
answers in both directions.
"""

import msgspec

from terminology.operations.registry import Operation

PROPERTY_TYPES = ("code", "Coding", "string", "integer", "boolean", "dateTime", "decimal")
"""What the value of a property can be: https://hl7.org/fhir/R5/codesystem-operation-lookup.html."""


class Output(msgspec.Struct, frozen=True):
    """An output parameter.

    Attributes:
        name: as it is answered.
        type: of its value; empty where it has parts. `Element` stands for `PROPERTY_TYPES`.
        documentation: what it means, for people.
        required: whether every answer has it.
        repeats: whether an answer may have several.
        parts: what it is made of.
    """

    name: str
    type: str
    documentation: str
    required: bool = False
    repeats: bool = False
    parts: tuple["Output", ...] = ()


_VALUE = Output("value", "Element", "The value; where it is unknown, an extension says why.")
_CODE = Output("code", "code", "The code of the property.", required=True)
_DESCRIPTION = Output("description", "string", "What the value means, for people.")
_SOURCE = Output("source", "canonical", "The code system supplement that says so.")

_LOOKUP = (
    Output("name", "string", "The name of the code system.", required=True),
    Output("version", "string", "The version of the code system that answered."),
    Output("display", "string", "The display of the code, in the language asked for."),
    Output("definition", "string", "What the code means."),
    Output("abstract", "boolean", "Whether the code only groups others.", required=True),
    Output("code", "code", "The code that was found.", required=True),
    Output("system", "uri", "The code system of the code.", required=True),
    Output(
        "designation",
        "",
        "Another name of the code, and the display in the code system's own language.",
        repeats=True,
        parts=(
            Output("language", "code", "The language of the name."),
            Output("use", "Coding", "What the name is for."),
            Output("value", "string", "The name.", required=True),
            _SOURCE,
        ),
    ),
    Output(
        "property",
        "",
        "A property of the code. `source` names the supplement that said so, a subproperty the"
        " published table with its release and first day.",
        repeats=True,
        parts=(
            _CODE,
            _VALUE,
            _DESCRIPTION,
            Output(
                "subproperty",
                "",
                "What belongs to the property: its source, release, effective date.",
                repeats=True,
                parts=(_CODE, _VALUE),
            ),
            _SOURCE,
        ),
    ),
    Output(
        "used-supplement",
        "canonical",
        "A supplement that was applied, by default or because it was asked for.",
        repeats=True,
    ),
)

_VALIDATE_CODE = (
    Output("result", "boolean", "Whether the code is right.", required=True),
    Output("message", "string", "What is wrong, and the warnings, in sentences."),
    Output("code", "code", "The code that was validated."),
    Output("system", "uri", "The code system of the code."),
    Output("version", "string", "The version of the code system that answered."),
    Output("display", "string", "The display that the code system has for the code."),
    Output("normalized-code", "code", "The code as the code system writes it, if sent otherwise."),
    Output("copyright", "string", "What the owner of the code system asks to be said with it."),
    Output("inactive", "boolean", "Present, and true, where the code is no longer in use."),
    Output("status", "code", "The status of the concept, where it is not active."),
    Output(
        "x-caused-by-unknown-system",
        "canonical",
        "The code system, or its version, that is not loaded, so that nothing could be checked.",
        repeats=True,
    ),
    Output("codeableConcept", "CodeableConcept", "The codeable concept that was validated."),
    Output("issues", "OperationOutcome", "All that was found, each issue with its place."),
)

_VALIDATE_IN_VALUE_SET = (
    *_VALIDATE_CODE,
    Output(
        "x-unknown-system",
        "canonical",
        "A code system that is not loaded, of a code that the value set does not have.",
        repeats=True,
    ),
)

_EXPAND = (
    Output(
        "return",
        "ValueSet",
        "The value set without its definition, with the expansion. It is the body itself, without"
        " Parameters around it.",
        required=True,
    ),
)

_SUBSUMES = (
    Output(
        "outcome",
        "code",
        "equivalent, subsumes, subsumed-by or not-subsumed: how the first code stands to the"
        " second.",
        required=True,
    ),
)

_TRANSLATE = (
    Output("result", "boolean", "Whether there is a translation.", required=True),
    Output("message", "string", "Why there is none."),
    Output(
        "match",
        "",
        "A translation.",
        repeats=True,
        parts=(
            Output(
                "relationship", "code", "How the target stands to the source; `equivalence` in R4."
            ),
            Output("concept", "Coding", "The code in the target code system.", required=True),
            Output("originMap", "canonical", "The concept map that says so.", required=True),
            Output("source", "Coding", "The code in the source code system, going back."),
        ),
    ),
)

_BATCH = (
    Output(
        "validation",
        "Resource",
        "For each validation its answer in their order: a Parameters as `$validate-code` answers,"
        " or an OperationOutcome.",
        required=True,
        repeats=True,
    ),
)

_SUBMIT = (
    Output(
        "return",
        "CoverageEligibilityResponse",
        "What is known of each item for each coverage. It is the body itself, without Parameters"
        " around it.",
        required=True,
    ),
)

_VALIDATE_RESOURCE = (
    Output(
        "return",
        "OperationOutcome",
        "All that was found and what was not checked, each issue with its place; a single"
        " information where nothing is wrong. It is the body itself, without Parameters around it.",
        required=True,
    ),
)

OUTPUTS: dict[tuple[str, str], tuple[Output, ...]] = {
    ("CodeSystem", "lookup"): _LOOKUP,
    ("CodeSystem", "validate-code"): _VALIDATE_CODE,
    ("ValueSet", "validate-code"): _VALIDATE_IN_VALUE_SET,
    ("ValueSet", "expand"): _EXPAND,
    ("CodeSystem", "subsumes"): _SUBSUMES,
    ("ConceptMap", "translate"): _TRANSLATE,
    ("ValueSet", "batch-validate-code"): _BATCH,
    ("CoverageEligibilityRequest", "submit"): _SUBMIT,
    ("Procedure", "validate"): _VALIDATE_RESOURCE,
    ("Claim", "validate"): _VALIDATE_RESOURCE,
}
"""The outputs of each operation by resource type and name."""


def outputs_of(operation: Operation) -> tuple[Output, ...]:
    """The outputs of an operation in the order in which they are answered.

    Raises:
        KeyError: the operation has no entry in `OUTPUTS`; every one needs one.
    """
    return OUTPUTS[operation.resource_type, operation.name]
