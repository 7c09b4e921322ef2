"""Text as search compares it."""

import unicodedata


def fold(text: str) -> str:
    """`text` without case and accents, runs of white space as one space.

    How FHIR compares strings in a search: https://hl7.org/fhir/R5/search.html#string.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
