"""CPT as a code system: what is loaded of it, told apart from what CPT has.

See HL7's page "Using CPT with HL7 Standards", https://terminology.hl7.org/CPT.html.
"""

from collections.abc import Callable

from terminology.codesystems.cpt.medicare import lookup_properties
from terminology.codesystems.provider import LookupProperty, Provider
from terminology.codesystems.wrapped import WrappedProvider
from terminology.fhir.outcome import Issue
from terminology.model import Concept
from terminology.store.base import ReferenceRow


class CptProvider(WrappedProvider):
    """Whatever CPT content is loaded: the shipped fragment or a licensed release.

    Args:
        inside: the loaded concepts.
        reference_rows: the store's rows in force of the tables that are keyed by CPT code, for a
            code and a day.
    """

    def __init__(
        self, inside: Provider, reference_rows: Callable[[str, str], list[ReferenceRow]]
    ) -> None:
        """Take the concepts and the tables."""
        super().__init__(inside)
        self._reference_rows = reference_rows

    def unknown_code(self, code: str, path: str) -> Issue:
        """The issue of a code that is not loaded: an error, of a fragment too.

        A CPT code is a statement on a claim, and one that can't be checked must not look like
        one that was; the sentence says which of both it is.
        """
        if not self.is_fragment:
            return super().unknown_code(code, path)
        text = (
            f"The code '{code}' is not among the {self.size} codes loaded (fragment of CPT"
            f" {self.head.version}); load a licensed release to check it"
        )
        return Issue("error", "code-invalid", text, (path,), tx_issue_type="invalid-code")

    def reference_properties(self, concept: Concept, date: str) -> list[LookupProperty]:
        """Medicare's indicators, relative values and unit limits in force on a day."""
        return lookup_properties(self._reference_rows(concept.code, date))
