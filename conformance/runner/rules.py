"""What one comparison knows of the run that it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OPTIONAL = "$optional$"


class SuiteError(Exception):
    """The suite itself is at fault: a file is missing, a template is none that is known."""


@dataclass(frozen=True)
class Rules:
    """How an expected response is to be read.

    Attributes:
        modes: the modes of the run, such as `general`.
        version: the FHIR version of the server as it says it, `4.0.1`.
        pattern: look for what is expected and pass over everything else; for statements of
            capabilities, which say much that no test asks for.
        strict: excuse neither strings that only agree when read as base64, nor a missing array
            because it has nothing but primitives, or because its items are marked as optional
            where they are not optional for this run.
        externals: the server's own wording of messages, by number, for this response.
    """

    modes: frozenset[str] = frozenset({"general"})
    version: str = "5.0.0"
    pattern: bool = False
    strict: bool = False
    externals: Mapping[str, Any] | None = None

    def optional(self, item: Any) -> bool:
        """Whether an expected item of an array may be left out.

        Its `$optional$` is true, or a condition: `!x` (unless mode x runs), `x` (if mode x runs),
        `version:5` (if the server's version starts with 5), `warning:...` (always).
        """
        mark = item.get(OPTIONAL) if isinstance(item, dict) else None
        if isinstance(mark, str):
            return self._holds(mark)
        return mark is True

    def may_be_missing(self, value: Any) -> bool:
        """Whether a property of this expected value may be left out without being listed."""
        if not isinstance(value, list):
            return False
        if self.strict:
            return all(self.optional(item) for item in value)
        return all(not isinstance(item, dict) or OPTIONAL in item for item in value)

    def _holds(self, condition: str) -> bool:
        if condition.startswith("!"):
            return condition[1:] not in self.modes
        if condition.startswith("version:"):
            return self.version.startswith(condition.removeprefix("version:"))
        return condition.startswith("warning:") or condition in self.modes
