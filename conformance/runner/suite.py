"""`test-cases.json`: which tests there are, and which of them run.

The format is described by the suite itself, https://build.fhir.org/ig/HL7/fhir-tx-ecosystem-ig,
page "Test Cases"; what is read here is `suites[]` with `name`, `mode`, `modes`, `version`,
`disabled`, `setup` and `tests[]`, and of a test the same with `operation`, `request`, `response`
(each also as `response:MODE`), `profile`, `http-code`, `Accept-Language` and `header`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.runner.rules import SuiteError
from terminology.errors import ProtermError
from terminology.fhir.json import Json, decode, decode_any

INDEX = "test-cases.json"
DEFAULT_PROFILE = "parameters-default.json"


class Unusable(Exception):
    """There is nothing to run: no suite, no server, or no test that was asked for."""


@dataclass(frozen=True)
class Case:
    """One test.

    Attributes:
        suite: the name of its suite.
        name: its own; not always unique.
        operation: such as `expand`, or `metadata`.
        request: the file of the request, "" where there is none.
        response: the file of the expected response.
        profile: the file of parameters that are appended to the request.
        setup: the files of resources that the server needs.
        http_code: `2xx`, `4xx`, or a number.
        headers: to be sent with it.
        skipped: why it does not run; "" if it does.
    """

    suite: str
    name: str
    operation: str
    request: str
    response: str
    profile: str
    setup: tuple[str, ...]
    http_code: str
    headers: tuple[tuple[str, str], ...]
    skipped: str = ""

    @property
    def key(self) -> str:
        """The name of suite and test."""
        return f"{self.suite}/{self.name}"


class Library:
    """The folder of a suite, with what was read kept.

    Args:
        root: the folder that has `test-cases.json`.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._read: dict[str, Json] = {}

    def read(self, name: str) -> Json:
        """A resource of the suite.

        Raises:
            SuiteError: it is missing, outside of the folder, or no resource.
        """
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def cases(self, modes: frozenset[str], version: str) -> list[Case]:
        """Every test in the order of the suite, with those that do not run marked.

        Args:
            modes: that the run is in.
            version: the FHIR version of the server.

        Raises:
            Unusable: there is no such index, or it is not what it should be.
        """
        path = self._root / INDEX
        try:
            index = decode_any(path.read_bytes())
        except OSError as error:
            raise Unusable(f"There is no suite of tests at {path}: {error.strerror}.") from None
        except ProtermError as error:
            raise Unusable(f"{path} can't be read: {error.message}") from None
        try:
            return list(_cases(index, modes, version))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise Unusable(f"{path} is not the index of a suite of tests ({reason}).") from None

    def _load(self, name: str) -> Json:
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root):
            raise SuiteError(f"the suite names the file {name}, which is not in its folder")
        try:
            return decode(path.read_bytes())
        except OSError as error:
            raise SuiteError(f"the suite's file {name} can't be read: {error.strerror}") from None
        except ProtermError as error:
            raise SuiteError(f"the suite's file {name} can't be read: {error.message}") from None


def read_modes(text: str) -> frozenset[str]:
    """The modes of a run: those named, separated by commas, and `general` unless `!general`."""
    named = {word for word in (part.strip() for part in text.split(",")) if word}
    refused = {word for word in named if word.startswith("!")}
    return frozenset({"general", *named} - refused - {word[1:] for word in refused})


def select(cases: Collection[Case], suites: Collection[str], part: str) -> list[Case]:
    """The tests of some suites, or of all, whose name contains a text.

    Raises:
        Unusable: none is left, or all that are left are skipped.
    """
    names = {case.suite for case in cases}
    if unknown := sorted(set(suites) - names):
        raise Unusable(f"There is no suite {unknown[0]}; there are {', '.join(sorted(names))}.")
    chosen = [case for case in cases if (not suites or case.suite in suites) and part in case.name]
    if not chosen:
        raise Unusable(f"No test has '{part}' in its name." if part else "There are no tests.")
    if all(case.skipped for case in chosen):
        raise Unusable(f"None of these {len(chosen)} tests runs: {chosen[0].skipped}.")
    return chosen


def _cases(index: Json, modes: frozenset[str], version: str) -> Iterator[Case]:
    for suite in index["suites"]:
        reason = _skipped(suite, modes, version)
        for test in suite.get("tests", []):
            yield Case(
                suite=_string(suite, "name"),
                name=_string(test, "name"),
                operation=_string(test, "operation"),
                request=_for_mode(test, "request", modes),
                response=_for_mode(test, "response", modes),
                profile=test.get("profile", DEFAULT_PROFILE),
                setup=tuple(map(str, suite.get("setup", []))),
                http_code=str(test.get("http-code", "2xx")),
                headers=tuple(_headers(test, modes)),
                skipped=reason or _skipped(test, modes, version),
            )


def _string(holder: Json, name: str) -> str:
    value = holder[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value}")
    return value


def _for_mode(test: Json, name: str, modes: frozenset[str]) -> str:
    for mode in sorted(modes):
        if f"{name}:{mode}" in test:
            return _string(test, f"{name}:{mode}")
    return _string(test, name) if name in test else ""


def _skipped(entry: Json, modes: frozenset[str], version: str) -> str:
    if entry.get("disabled"):
        return "it is disabled"
    needed = [*entry.get("modes", []), *([entry["mode"]] if "mode" in entry else [])]
    if needed and not modes.intersection(needed):
        return f"it is of mode {' or '.join(needed)}"
    wanted = str(entry.get("version", ""))
    if wanted and not _version_fits(wanted, version):
        return f"it is for FHIR {wanted.replace('!', 'other than ')}"
    return ""


def _version_fits(wanted: str, version: str) -> bool:
    plain = wanted.removeprefix("!")
    return (version == plain or version.startswith(f"{plain}.")) is not wanted.startswith("!")


def _headers(test: Json, modes: frozenset[str]) -> Iterator[tuple[str, str]]:
    if language := test.get("Accept-Language"):
        yield "Accept-Language", str(language)
    header: Any = test.get("header")
    if header and ("mode" not in header or header["mode"] in modes):
        yield _string(header, "name"), _string(header, "value")
