"""The errors a caller can meet, each with the FHIR issue type it is reported as.

    ProtermError
    ├── InvalidInput            the request itself is wrong
    │   ├── MissingInput        something required was not sent
    │   ├── MalformedInput      the text is not what it claims to be (JSON, XML, a resource)
    │   └── RepeatedInput       something that may stand once was sent more than once
    ├── NotFound                a resource, code system or code that is not here
    ├── NotSupported            the specification has it, this service does not
    ├── TooCostly               an answer over the limit, refused before it is computed
    ├── TooLarge                a body or a line over the limit
    └── StoreUnavailable        the store can't be read now; the same request may succeed later
        └── OtherVersion        it is of a version that this program has no way to read

The messages are for people: what was wrong, where, and what to do.
"""

from typing import ClassVar


class ProtermError(Exception):
    """Any error that is the answer to a request.

    Args:
        message: what was wrong, where, and what to do about it.
        expression: the FHIRPath of the element at fault, where there is one.
    """

    issue_code: ClassVar[str] = "processing"
    """The code of the OperationOutcome issue, http://hl7.org/fhir/issue-type."""
    tx_issue_type: str | None = None
    """The code of http://hl7.org/fhir/tools/CodeSystem/tx-issue-type, where one applies."""

    def __init__(
        self, message: str, *, expression: str | None = None, tx_issue_type: str | None = None
    ) -> None:
        """Keep the message and where it points."""
        super().__init__(message)
        self.message = message
        self.expression = expression
        if tx_issue_type is not None:
            self.tx_issue_type = tx_issue_type


class InvalidInput(ProtermError):
    """The request itself is wrong."""

    issue_code = "invalid"


class MissingInput(InvalidInput):
    """Something required was not sent."""

    issue_code = "required"


class MalformedInput(InvalidInput):
    """The text is not what it claims to be: JSON, XML or a FHIR resource."""

    issue_code = "structure"


class RepeatedInput(InvalidInput):
    """Something that may stand once was sent more than once."""


class NotFound(ProtermError):
    """A resource, code system, value set or code that is not here."""

    issue_code = "not-found"


class NotSupported(ProtermError):
    """The specification has it, this service does not."""

    issue_code = "not-supported"


class TooCostly(ProtermError):
    """An answer over the limit, refused before it is computed."""

    issue_code = "too-costly"


class TooLarge(ProtermError):
    """A body or a request line over the limit."""

    issue_code = "too-long"


class StoreUnavailable(ProtermError):
    """The store can't be read now; the same request may succeed later."""

    issue_code = "transient"


class OtherVersion(StoreUnavailable):
    """The store is of a version that this program has no way to read; waiting changes nothing."""
