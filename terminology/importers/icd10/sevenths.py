"""The seventh characters of the tabular list: where they stand, which codes take them.

They stand at a code and are for all codes below it that have none below themselves; a code that is
nearer has its own. Codes of less than six characters are filled up with X, as the list's own
introduction says under "7th characters and placeholder X".
"""

import re
from typing import Any, NamedTuple

from terminology.importers.icd10.markup import words
from terminology.importers.problems import Tally

PLACES = 6
"""How many characters a code has that takes a seventh; X stands where it has fewer."""
# Said of S06 alone as yet, in words.
_EXCEPT = re.compile(
    r"7th characters? (?P<left_out>.+?) do(?:es)? not apply to codes in category (?P<code>\w+) with"
    r" 6th character (?P<sixth>.+)"
)
_SOME_EXCEPT = re.compile(r"7th characters? .*not ")
_SINGLE = re.compile(r"(?<!\w)([A-Z0-9])(?!\w)")
_SIXTH = re.compile(r"(?<!\w)([A-Z0-9]) - ")


class Sevenths(NamedTuple):
    """The seventh characters of the codes within a code, and those of its exceptions.

    Attributes:
        texts: what each stands for.
        left_out: those that do not apply,
        sixth: to codes with these sixth characters.
    """

    texts: dict[str, str]
    left_out: frozenset[str] = frozenset()
    sixth: frozenset[str] = frozenset()

    def within(self, element: Any, code: str, tally: Tally) -> "Sevenths":
        """Those of what is in an element: its own, or else the same."""
        own = element.find("sevenChrDef")
        if own is None:
            return self
        texts = {
            extension.get("char"): words(extension)
            for extension in own.findall("extension")
            if extension.get("char")
        }
        for text in (words(inner) for inner in element.iterfind("notes/note")):
            found = _EXCEPT.search(text)
            if found is not None and found["code"] == code:
                left_out = frozenset(_SINGLE.findall(found["left_out"]))
                return Sevenths(texts, left_out, frozenset(_SIXTH.findall(found["sixth"])))
            if _SOME_EXCEPT.search(text):
                tally.remark(f"An exception of {code} was not understood: {text}")
        return Sevenths(texts)

    def of(self, code: str) -> dict[str, str]:
        """Those that can be added to a code, each with what it stands for."""
        if len(code) > PLACES or not self.texts:
            return {}
        if code[PLACES - 1 :] in self.sixth:
            return {c: text for c, text in self.texts.items() if c not in self.left_out}
        return self.texts
