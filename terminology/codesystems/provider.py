"""What the engine asks of a code system, whatever it is made of.

A provider answers for one version of one code system. Sets of concepts are sets of ordinals
(`terminology.tree`), so that a filter, an exclude and a page are arithmetic on integers.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Protocol

import msgspec

from terminology.codesystems.codeorder import CodeOrder
from terminology.codesystems.hits import TEXT, Group, Hits
from terminology.codesystems.matching import matching
from terminology.codesystems.search import RANKED, search
from terminology.fhir import messages
from terminology.fhir.outcome import Issue
from terminology.model import CodeSystem, Concept, Filter
from terminology.store.words import WordRow
from terminology.text import fold
from terminology.tree import Listed, Neighbours, PlacedConcept, property_codes

_INACTIVE_STATUSES = ("retired", "inactive", "withdrawn")
_STANDARDS_STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
_NOT_LOADED = "https://proterm.example/fhir/StructureDefinition/descriptors-not-loaded"


class LookupProperty(msgspec.Struct, frozen=True, kw_only=True):
    """A property as `$lookup` answers it: with a meaning, with parts, with its source.

    `value` is FHIR's element name and its JSON, `("valueCode", "A")`. A value that is absent is
    given as its underscore element, `("_valueString", {"extension": [...]})`.
    """

    code: str
    value: tuple[str, Any] | None = None
    description: str | None = None
    source: str | None = None
    subproperties: tuple["LookupProperty", ...] = ()


class OwnFilter(Protocol):
    """A filter that a code system understands by itself, with its two verbs."""

    def select(self) -> Sequence[int]:
        """The ordinals of the listed concepts that pass."""

    def contains(self, placed: PlacedConcept) -> bool:
        """Whether a concept passes."""

    def reasons(self, placed: PlacedConcept, path: str) -> list[Issue]:
        """Why a concept does not pass, where the code system can say more than that."""

    def reservations(self, placed: PlacedConcept, path: str) -> list[Issue]:
        """What is left open of a concept that passes."""


class Provider(ABC):
    """One version of one code system."""

    head: CodeSystem
    """The resource without its concepts."""
    supplements: Sequence[CodeSystem] = ()
    """The supplements that are applied to it."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many concepts are loaded; their ordinals are `range(size)`."""

    @property
    @abstractmethod
    def has_hierarchy(self) -> bool:
        """Whether any concept has a parent."""

    @abstractmethod
    def find(self, code: str) -> PlacedConcept | None:
        """The concept of a code, case looked at as the code system says."""

    @abstractmethod
    def at(self, ordinals: Sequence[int]) -> list[PlacedConcept]:
        """The concepts with these ordinals, in the order asked for."""

    @abstractmethod
    def listed(self, ordinals: Sequence[int]) -> list[Listed]:
        """What a list shows of the concepts with these ordinals, in the order asked for."""

    @abstractmethod
    def children(self, ordinal: int) -> Sequence[int]:
        """The ordinals of the direct children."""

    @abstractmethod
    def parents(self, ordinal: int) -> Sequence[int]:
        """The ordinals of the direct parents."""

    def neighbours(self, code: str) -> Neighbours | None:
        """The concept of a code with those directly above and below it."""
        placed = self.find(code)
        if placed is None or not self.has_hierarchy:
            return None if placed is None else Neighbours(placed)
        above, below = self.parents(placed.ordinal), self.children(placed.ordinal)
        return Neighbours(placed, self.listed(above), self.listed(below))

    @abstractmethod
    def descendants(self, ordinal: int) -> Sequence[int]:
        """The ordinals of all that is below, without itself."""

    @abstractmethod
    def is_descendant(self, ordinal: int, ancestor: int) -> bool:
        """Whether `ordinal` is below `ancestor`; nothing is below itself."""

    @abstractmethod
    def property_values(self, code: str) -> Iterable[tuple[int, str]]:
        """Each (ordinal, value as text) of a property, in document order."""

    @abstractmethod
    def with_property(self, code: str, values: Sequence[str]) -> Sequence[int]:
        """The ordinals of the concepts that have one of the values."""

    @abstractmethod
    def codes(self, prefix: str) -> int:
        """The concepts whose code, without case, begins so, as a bitmap."""

    @abstractmethod
    def words(self, prefix: str) -> Sequence[WordRow]:
        """The words of names and definitions that begin so, each with its concepts."""

    @property
    def code_order(self) -> CodeOrder:
        """The codes in their order."""
        return self._code_order

    @cached_property
    def _code_order(self) -> CodeOrder:
        return CodeOrder(self.listed(range(self.size)))

    @property
    def ranks(self) -> bool:
        """Whether what a search finds is put in an order, the best first."""
        return self.head.url in RANKED

    def search(self, text: str) -> Hits:
        """The concepts that a person who typed this may mean; all of them for a blank text.

        The best first where the code system `ranks`; else in document order those that have every
        word of the text, by its beginning, in their code or names.
        """
        folded = fold(text)
        if folded and self.ranks:
            return search(self, text)
        return Hits([Group(TEXT, bitmap=matching(self, folded))])

    @property
    def canonical(self) -> str:
        """`url|version` of the code system."""
        return self.head.canonical

    @property
    def is_fragment(self) -> bool:
        """Whether only a part of the code system is loaded."""
        return self.head.content == "fragment"

    @cached_property
    def descriptors_not_loaded(self) -> str | None:
        """Whose descriptors are not loaded, where the displays are this service's own words."""
        owner: str | None = self.head.extension_value(_NOT_LOADED)
        return owner

    def same_code(self, one: str, other: str) -> bool:
        """Whether two codes are one, case looked at as the code system says."""
        if self.head.case_sensitive is False:
            return one.casefold() == other.casefold()
        return one == other

    def unknown_code(self, code: str, path: str) -> Issue:
        """The issue of a code that is not here; its severity decides the result.

        In a fragment the code may stand in another fragment, so it only warns:
        https://hl7.org/fhir/R5/codesystem-definitions.html#CodeSystem.content.
        """
        if self.is_fragment:
            return messages.unknown_code_in_fragment(code, self.head, path)
        return messages.unknown_code(code, self.head, path)

    def refusals(self, code: str, path: str) -> list[Issue]:
        """Every reason why a code is not here; errors decide the result."""
        return [self.unknown_code(code, path)]

    def elsewhere(self, code: str) -> str | None:
        """In which other release of the code system a code is that is not here, in a sentence."""
        return None

    def remarks(self, code: str, path: str) -> list[Issue]:
        """What the code system has to say of a code that is here, beside that it is."""
        return []

    def on(self, day: str) -> "Provider":
        """The code system as it stands on a day, `YYYY-MM-DD`."""
        return self

    @property
    def expression(self) -> PlacedConcept | None:
        """What an expression of its grammar looks like to filters; None where it has no grammar.

        A code system with a grammar has no end: what a filter lets this pass is without end too.
        """
        return None

    def base_of(self, code: str) -> PlacedConcept | None:
        """The concept that an expression says more of, `37244` of `37244:59`; None of any other."""
        return None

    @property
    def notice(self) -> str | None:
        """What its owner wants said in every answer that holds codes of it."""
        return None

    def own_filter(self, condition: Filter) -> OwnFilter | None:
        """A filter that the code system understands by itself; None for one that any has."""
        return None

    def reference_properties(self, concept: Concept, date: str) -> list[LookupProperty]:
        """What published tables say of the concept on a day (`YYYY-MM-DD`), for `$lookup`."""
        return []

    def status(self, concept: Concept) -> str | None:
        """The concept's status: its `status` property, else its standards status."""
        for prop in concept.property:
            if prop.code in self._status_codes:
                return prop.text()
        status: str | None = concept.extension_value(_STANDARDS_STATUS)
        return status

    @property
    def changes_by_day(self) -> bool:
        """Whether another day may make another answer of it, in the same version."""
        return False

    def is_over(self, concept: Concept) -> bool | None:
        """Whether a code has ended by the day; None where no end of it is stated."""
        return None

    def ends(self) -> Iterable[tuple[int, bool]]:
        """Each concept of which an end is stated, by ordinal, with whether that is past."""
        return ()

    def is_inactive(self, concept: Concept) -> bool:
        """Whether the concept is no longer to be used on the day, as its properties say."""
        over = self.is_over(concept)
        if over is not None:
            return over
        return any(
            (p.code in self._inactive_codes and p.text() == "true")
            or (p.code in self._status_codes and p.text() in _INACTIVE_STATUSES)
            for p in concept.property
        )

    def is_abstract(self, concept: Concept) -> bool:
        """Whether the concept only groups others and can't be chosen itself."""
        return any(
            p.code in self._not_selectable_codes and p.text() == "true" for p in concept.property
        )

    def inactive(self) -> frozenset[int]:
        """The ordinals of all inactive concepts."""
        found: set[int] = set()
        for code in self._inactive_codes:
            found.update(self.with_property(code, ["true"]))
        for code in self._status_codes:
            found.update(self.with_property(code, _INACTIVE_STATUSES))
        for ordinal, over in self.ends():
            (found.add if over else found.discard)(ordinal)
        return frozenset(found)

    @cached_property
    def _status_codes(self) -> frozenset[str]:
        return property_codes(self.head.property, "status")

    @cached_property
    def _inactive_codes(self) -> frozenset[str]:
        return property_codes(self.head.property, "inactive")

    @cached_property
    def _not_selectable_codes(self) -> frozenset[str]:
        return property_codes(self.head.property, "notSelectable") | {"notSelectable"}
