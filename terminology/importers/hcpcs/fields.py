"""The fields of a record: where each stands, and the property that it becomes.

Places are those of CMS's record layout, 320 columns, counted from 1; names are those of the
columns in the CSV file and the workbook of the same release, as `grids.plain` writes them.
"""

from msgspec import Struct

from terminology.model import Json

CODE, RECORD, LONG, SHORT = (1, 5), (11, 1), (12, 80), (92, 28)
"""Where code, kind of record, long and short description stand, and how long they are."""
MODIFIER_AT = 3
"""A modifier stands in the last two of the five columns of the code."""
FIRST_OF_CODE, MORE_OF_CODE, FIRST_OF_MODIFIER, MORE_OF_MODIFIER = "3", "4", "7", "8"
FIRST = (FIRST_OF_CODE, FIRST_OF_MODIFIER)
MORE = (MORE_OF_CODE, MORE_OF_MODIFIER)


class Field(Struct, frozen=True):
    """A field of the first record of a code.

    Attributes:
        name: the code of the property.
        start: its first column.
        width: of one value.
        columns: its names in a table, one for each value that it may have.
        type: of the property in FHIR.
        about: what it says.
        is_padded: whether numbers fill it with zeros, which spreadsheets lose.
        uri: FHIR's own property of that meaning.
    """

    name: str
    start: int
    width: int
    columns: tuple[str, ...]
    type: str
    about: str
    is_padded: bool = False
    uri: str | None = None

    @property
    def definition(self) -> Json:
        """The property as a CodeSystem defines it."""
        defined: Json = {"code": self.name, "description": self.about, "type": self.type}
        return defined | ({"uri": self.uri} if self.uri else {})


def _numbered(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}{n}" for n in range(1, count + 1))


RETIRED = "https://proterm.example/fhir/concept-properties#last-day"
FIELDS = (
    Field(
        "pricing",
        120,
        2,
        _numbered("PRICE", 4),
        "code",
        "Pricing indicator: by which of Medicare's methods it is priced",
        is_padded=True,
    ),
    Field(
        "multiplePricing",
        128,
        1,
        ("MULT PI",),
        "code",
        "Whether it can be priced by more than one method",
    ),
    Field(
        "coverageIssuesManual",
        129,
        6,
        _numbered("CIM", 3),
        "string",
        "Section of the Coverage Issues Manual that speaks of it",
    ),
    Field(
        "carriersManual",
        147,
        8,
        _numbered("MCM", 3),
        "string",
        "Section of the Medicare Carriers Manual that speaks of it",
    ),
    Field("statute", 171, 10, ("STATUTE",), "string", "Statute that it rests on"),
    Field(
        "labCertification",
        181,
        3,
        _numbered("LABCERT", 8),
        "code",
        "Certification that a laboratory needs for it",
        is_padded=True,
    ),
    Field("crossReference", 205, 5, _numbered("XREF", 5), "code", "Code or modifier it refers to"),
    Field(
        "coverage",
        230,
        1,
        ("COV",),
        "code",
        "Medicare's coverage: C the contractor decides, D special instructions apply, I not payable"
        " by Medicare, M not covered, S not covered by statute",
    ),
    Field("ascGroup", 231, 2, ("ASC GRP",), "code", "Payment group of ambulatory surgical centers"),
    Field("ascEffectiveDate", 233, 8, ("ASC DT",), "dateTime", "Day from which that group applies"),
    Field("outpatientGroup", 241, 3, ("OPPS",), "code", "Payment group of hospital outpatients"),
    Field("outpatientPolicy", 244, 1, ("OPPS PI",), "code", "Payment policy of that group"),
    Field(
        "outpatientEffectiveDate",
        245,
        8,
        ("OPPS DT",),
        "dateTime",
        "Day from which that group applies",
    ),
    Field(
        "processingNote",
        253,
        4,
        ("PROCNOTE",),
        "code",
        "Number of the processing note, in a file of its own",
        is_padded=True,
    ),
    Field("betos", 257, 3, ("BETOS",), "code", "Berenson-Eggers type of service"),
    Field("typeOfService", 261, 1, _numbered("TOS", 5), "code", "Medicare's type of service"),
    Field("anesthesiaBaseUnits", 266, 3, ("ANEST BU",), "integer", "Base units of anesthesia"),
    Field("addedDate", 269, 8, ("ADD DT",), "dateTime", "Day on which it was added"),
    Field(
        "actionEffectiveDate",
        277,
        8,
        ("ACT EFF DT",),
        "dateTime",
        "Day from which the last change applies",
    ),
    Field(
        "terminationDate",
        285,
        8,
        ("TERM DT",),
        "dateTime",
        "Last day on which it may be used",
        uri=RETIRED,
    ),
    Field(
        "action",
        293,
        1,
        ("ACTION CD",),
        "code",
        "Code of what the last change was",
    ),
)
