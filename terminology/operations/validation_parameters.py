"""The parameters that the two forms of `$validate-code` share."""

from typing import TypeVar

from terminology.model import CodeableConcept, Coding
from terminology.operations.fields import (
    BooleanField,
    CodeableConceptField,
    CodeField,
    CodingField,
    DateTimeField,
    StringField,
)
from terminology.operations.scoping import ScopedParameters, ScopedRequest


class ValidationRequest(ScopedRequest, frozen=True, kw_only=True):
    """What both forms are asked; the parameters are described in `ValidationParameters`."""

    url: str | None = None
    code: str | None = None
    display: str | None = None
    coding: Coding | None = None
    codeable_concept: CodeableConcept | None = None
    date: str | None = None
    abstract: bool | None = None
    lenient_display_validation: bool = False


R = TypeVar("R", bound=ValidationRequest)


class ValidationParameters(ScopedParameters[R]):
    """The parameters of both forms."""

    code = CodeField("The code to validate; it goes with its code system.")
    display = StringField("The display of the code, to be validated with it.")
    coding = CodingField("A coding to validate, in place of `code`.")
    codeable_concept = CodeableConceptField(
        "A codeable concept to validate: one of its codings has to be right and none wrong.",
        data_key="codeableConcept",
    )
    date = DateTimeField(
        "The day on which the code is to be valid, such as the date of service: it chooses the"
        " coding rules and the releases of the tables. Today if left out; a year or a month stands"
        " for its first day."
    )
    abstract = BooleanField("Whether a code that only groups others is allowed; it is by default.")
    lenient_display_validation = BooleanField(
        "Whether a wrong display only warns.",
        data_key="lenient-display-validation",
        versions=("r5",),
    )
