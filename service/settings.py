"""The settings of the service: one table, from which reading, checking and documenting are made.

Every field of `Settings` is a row: its name, its default as a person would write it, how the text
is read and what it is for. A row is read from `PROTERM_<NAME>`; only the address is read from
`HOST` and `PORT`, because a Kubernetes service called "proterm" puts a `PROTERM_PORT` of its own
(a `tcp://` URL) into the environment of every pod.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self, TypeVar

from service import setting_values as read

T = TypeVar("T")

PREFIX = "PROTERM_"
BEGIN, END = "<!-- settings -->", "<!-- /settings -->"
# Not settings of the service, but of its test suite.
TEST_VARIABLES = frozenset({"PROTERM_REQUIRE_ALL"})


class SettingError(ValueError):
    """A setting has a value that can't be used; the message names it and what is allowed."""


@dataclass(frozen=True)
class Setting:
    """One row of the table.

    Attributes:
        variable: the environment variable it is read from.
        default: its default, as it would be written in the environment.
        help: what it is for.
        parse: turns the text into the value, or raises `ValueError` with what is allowed.
        secret: whether the text may hold a password; then no message quotes it.
    """

    variable: str
    default: str
    help: str
    parse: Callable[[str], object]
    secret: bool = False

    def read(self, text: str) -> object:
        """The value of `text`, or `SettingError`."""
        try:
            return self.parse(text.strip())
        except ValueError as allowed:
            found = "not what it should be" if self.secret else repr(text)
            raise SettingError(f"{self.variable} is {found}; it must be {allowed}.") from None

    def shown(self, text: str) -> str:
        """`text` as people may see it: stars stand for a password."""
        return read.shown_store(text) if self.secret else text


def _row(
    default: str, parse: Callable[[str], T], help: str, variable: str = "", *, secret: bool = False
) -> T:
    """A field of `Settings` with its row of the table beside it."""
    metadata = {
        "default": default,
        "parse": parse,
        "help": help,
        "variable": variable,
        "secret": secret,
    }
    return field(default_factory=lambda: parse(default), repr=not secret, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one running service, checked; sizes are in bytes."""

    host: str = _row("127.0.0.1", read.host, "The address to listen at.", "HOST")
    port: int = _row("8080", read.number(1, 65535), "The port to listen at.", "PORT")
    data: Path = _row(  # noqa: RUF009 - it is a field, made by dataclasses.field()
        "./var", read.folder, "The folder of the embedded store; made when missing."
    )
    store: str = _row(
        "",
        read.store,
        "The database of the releases, `postgresql://user@host/name`; empty: the folder.",
        secret=True,
    )
    workers: int = _row(
        "auto",
        read.workers,
        "Worker processes; `auto` is one for each usable CPU, at least 2 and at most 8.",
    )
    threads: int = _row(
        "4",
        read.number(1, 64),
        "Threads of a worker: how many clients, slow ones among them, it attends to at once.",
    )
    default_supplements: tuple[str, ...] = _row(
        "https://proterm.example/fhir/CodeSystem/cpt-37244-notes",
        read.canonicals,
        "Canonicals, separated by commas, of the supplements that `$lookup` applies unasked.",
    )
    cors_origins: tuple[str, ...] = _row(
        "*",
        read.origins,
        "Origins whose pages may call the service, separated by commas; empty: none.",
    )
    max_body: int = _row(
        "8388608", read.number(1024, 1 << 30), "The largest request body, in bytes; over it, 413."
    )
    max_url: int = _row(
        "65536",
        read.number(1024, 1 << 20),
        "The longest request target (path and query), in bytes; over it, 414.",
    )
    page_size: int = _row(
        "50", read.number(1, 100_000), "Matches on a page of a search that sends no `_count`."
    )
    max_page_size: int = _row(
        "1000", read.number(1, 100_000), "The most matches on a page, whatever `_count` asks for."
    )
    expansion_limit: int = _row(
        "1000",
        read.number(1, 1_000_000),
        "The most codes an expansion without `count` may have; over it, `too-costly`.",
    )
    expansion_page_limit: int = _row(
        "10000",
        read.number(1, 1_000_000),
        "The most codes on one page of an expansion with `count`.",
    )
    gzip_min_size: int = _row(
        "1024", read.number(0, 1 << 30), "The smallest answer, in bytes, that is worth compressing."
    )
    deadline_ms: int = _row(
        "5000", read.number(1, 600_000), "How long one request may work, in milliseconds."
    )
    base_url: str = _row(
        "",
        read.base_url,
        "The public URL in front of `/r4`, `/r4b` and `/r5`; empty: the request's.",
    )
    max_bad: tuple[int, float] = _row(
        "100,1%",
        read.bad_rows,
        "Rows of a load that may be unreadable: a number, a part of all such as `1%`, or both.",
    )
    log_level: str = _row(
        "info", read.log_level, "The least to log: " + ", ".join(read.LOG_LEVELS) + "."
    )

    @property
    def is_remote(self) -> bool:
        """Whether the releases are in a database, and not in the folder."""
        return bool(self.store)

    def __post_init__(self) -> None:
        if self.page_size > self.max_page_size:
            raise SettingError(
                f"PROTERM_PAGE_SIZE is {self.page_size}; it must be at most PROTERM_MAX_PAGE_SIZE, "
                f"which is {self.max_page_size}."
            )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Settings from environment variables (default: the process's own).

        Raises:
            SettingError: a value can't be used; the message says which and what is allowed.
        """
        environ = os.environ if environ is None else environ
        read: dict[str, Any] = {
            name: setting.read(environ[setting.variable])
            for name, setting in settings_rows()
            if setting.variable in environ
        }
        return cls(**read)


def settings_rows() -> Iterator[tuple[str, Setting]]:
    """The rows of the table: the name of the field of `Settings`, and its `Setting`."""
    for row in fields(Settings):
        about = row.metadata
        variable = about["variable"] or PREFIX + row.name.upper()
        told = (about["default"], about["help"], about["parse"], about["secret"])
        yield row.name, Setting(variable, *told)


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """The names in `environ` that begin like a setting and are none: typing errors, mostly."""
    known = {setting.variable for _, setting in settings_rows()} | TEST_VARIABLES
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known)


def settings_table() -> str:
    """The table as Markdown, for README.md between its two markers."""
    lines = ["| variable | default | what it is for |", "|---|---|---|"]
    for _, setting in settings_rows():
        default = f"`{setting.default}`" if setting.default else "(empty)"
        lines.append(f"| `{setting.variable}` | {default} | {setting.help} |")
    return "\n".join(lines)


def with_settings_table(text: str) -> str:
    """`text` with the table between its markers made anew.

    Raises:
        ValueError: the markers are not there, once each and in order.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the text has no {BEGIN} with {END} after it")
    return f"{before}{BEGIN}\n{settings_table()}\n{END}{after}"


if __name__ == "__main__":  # `make docs`
    document = Path(sys.argv[1])
    document.write_text(with_settings_table(document.read_text("utf-8")), "utf-8")
