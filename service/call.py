"""What a client asked, told apart from how it reached us: over HTTP or in a batch."""

import re
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from service.negotiation import JSON, UnsupportedMedia, request_format
from terminology.errors import InvalidInput, MalformedInput
from terminology.fhir import convert, json, xml
from terminology.fhir.parameters import read_parameters
from terminology.fhir.versions import FhirVersion
from terminology.model import Json

Pair = tuple[str, str]
SHAPING = ("_format", "_pretty")
"""What every interaction takes in its query, and none of them is asked by."""
FORM = "application/x-www-form-urlencoded"
_MAX_PAIRS = 1000
_CHARSET = re.compile(r';\s*charset\s*=\s*"?([^";\s]*)', re.IGNORECASE)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One interaction that a client asked for.

    Attributes:
        version: the FHIR version of the endpoint.
        method: GET or POST.
        pairs: the parameters of the query, in their order.
        base_url: where the endpoint is for the client, without a slash at its end.
        strict: whether what is unknown is to be refused (`Prefer: handling=strict`).
        accept_language: what the header of that name says.
        content_type: of the body; empty where there is none.
        body: what was sent, as bytes, or decoded and R5-shaped already where it came in a batch.
        inner: whether it came in a batch.
    """

    version: FhirVersion
    method: str
    pairs: list[Pair]
    base_url: str
    strict: bool = False
    accept_language: str | None = None
    content_type: str = ""
    body: bytes | Json = b""
    inner: bool = False

    def form(self) -> list[Pair] | None:
        """The pairs of a form in the body, None where the body is none."""
        if not is_form(self.content_type) or isinstance(self.body, dict):
            return None
        try:
            text = self.body.decode()
        except UnicodeDecodeError:
            raise MalformedInput("The form is not valid UTF-8.") from None
        return pairs_of(text)

    def resource(self) -> Json:
        """The resource in the body, R5-shaped.

        Raises:
            UnsupportedMedia: the body is in a format that is not spoken here.
            MalformedInput: it is not what its format says, or no resource.
        """
        if isinstance(self.body, dict):
            return self.body
        if not self.body:
            raise MalformedInput("The body is empty; send a resource.")
        if request_format(self.content_type, self.version) == JSON:
            resource = json.decode(self.body)
        else:
            resource = xml.loads(self.body, self.version)
        return convert.from_version(resource, self.version)

    def refuse_unknown(self, *known: str) -> None:
        """Refuse under strict handling what no interaction of this kind takes in its query.

        Raises:
            InvalidInput: a name is none of `known`, nor one that shapes every answer.
        """
        for name, _ in self.pairs if self.strict else ():
            if name not in (*known, *SHAPING):
                raise InvalidInput(
                    f"The parameter '{name[:60]}' is unknown here, and Prefer: handling=strict"
                    f" asks to refuse it. Known are {', '.join((*known, *SHAPING))}.",
                    expression=name[:60],
                )

    def sent(self, bare: str | None = None) -> dict[str, list[Any]]:
        """The parameters of an operation by name, whichever way they came.

        Those that speak of the answer's form and begin with an underscore are left out.

        Args:
            bare: the parameter that a resource in the body is which is no Parameters, where the
                operation has one for it.
        """
        found: dict[str, list[Any]] = {}
        for name, text in (*self.pairs, *(self.form() or ())):
            # One that FHIR may have for the answer's form, and that is not served, is not dropped
            # silently where the client asked for that.
            if not name.startswith("_") or (self.strict and name not in SHAPING):
                found.setdefault(name, []).append(text)
        if self.method == "POST" and self.body and self.form() is None:
            resource = self.resource()
            if bare is not None and resource.get("resourceType") != "Parameters":
                found.setdefault(bare, []).append(resource)
                return found
            for parameter in read_parameters(resource):
                found.setdefault(parameter.name, []).append(parameter.value)
        return found


def is_form(content_type: str) -> bool:
    """Whether a body of this type is a form.

    Raises:
        UnsupportedMedia: it is one, but not in UTF-8.
    """
    if not content_type.lower().startswith(FORM):
        return False
    charset = _CHARSET.search(content_type)
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMedia(f"A form is sent in UTF-8, not in {charset[1][:30]}.")
    return True


def pairs_of(text: str) -> list[Pair]:
    """The name and value pairs of a query or a form, escapes undone.

    Raises:
        InvalidInput: an escape is not UTF-8, or there are more than 1,000 pairs.
    """
    if "%" not in text and "+" not in text and text.count("&") < _MAX_PAIRS:
        # What most clients send needs no unescaping, and this is a fifth of parse_qsl's time.
        parted = (part.partition("=") for part in text.split("&") if part)
        return [(name, value) for name, _, value in parted]
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PAIRS)
    except UnicodeDecodeError:
        raise InvalidInput("A parameter holds an escape (%xx) that is not UTF-8.") from None
    except ValueError:
        raise InvalidInput(f"There are more than {_MAX_PAIRS} parameters.") from None
