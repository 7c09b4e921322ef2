"""Older stores made into those of today, step by step; what can't be is refused in words.

A step leads from one version of the tables (`SCHEMA_VERSION`) to the next. In PostgreSQL all steps
run in one transaction; an embedded store is upgraded file by file, each in a copy that takes the
place of the file at once, the catalogue last. So one that is interrupted is gone on with.

What ships is never upgraded: each version writes its own.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from terminology.errors import OtherVersion
from terminology.store.base import SCHEMA_VERSION

if TYPE_CHECKING:
    from sqlalchemy import Connection

Change = Callable[["Connection"], None]
"""Changes tables by a connection to either database; its transaction is the caller's."""


def unchanged(_connection: "Connection") -> None:
    """What a step does to tables that stay as they are."""


class Step(NamedTuple):
    """The way from a version of the tables to the next.

    A program of the version before may still run on a database while it is upgraded. So what means
    something else afterwards gets another name: then that program fails, and is never misled.
    """

    before: str
    after: str
    contents: Change = unchanged
    """Changes the tables of `schema.metadata`."""
    catalogue: Change = unchanged
    """Changes the tables of `schema.catalogue`."""


STEPS: tuple[Step, ...] = ()
"""Version 5 is the first with releases. The stores before it held what ships and nothing else."""


def steps_from(version: str, where: str, instead: str) -> list[Step]:
    """The steps from a version to today's, none from today's.

    Args:
        version: what the store says of itself.
        where: what it is, at the beginning of a sentence.
        instead: what else can be named, and by which setting.

    Raises:
        OtherVersion: it is newer than this program, or there is no way from it.
    """
    steps: list[Step] = []
    at = version
    while at != SCHEMA_VERSION:
        following = [step for step in STEPS if step.before == at]
        if not following:
            raise OtherVersion(_refusal(version, where, instead))
        steps += following[:1]
        at = following[0].after
    return steps


def _refusal(version: str, where: str, instead: str) -> str:
    if version.isdigit() and int(version) > int(SCHEMA_VERSION):
        return (
            f"{where} was written by a newer Proterm: its tables are of version {version}, and this"
            f" one reads them up to version {SCHEMA_VERSION}. Use a Proterm as new as that, or name"
            f" {instead}."
        )
    return (
        f"{where} has tables of version '{version}', which this Proterm neither reads nor upgrades;"
        f" its own are of version {SCHEMA_VERSION}. Use the Proterm that wrote them, or name"
        f" {instead} and load the files again."
    )


def upgrade_file(path: Path, steps: Sequence[Step], *, is_catalogue: bool) -> None:
    """Upgrade a file of an embedded store in one step: it is the old one or the new one.

    Raises:
        OSError: it can't be written.
        sqlalchemy.exc.DBAPIError: a step failed on it.
    """
    from sqlalchemy import URL, create_engine, update

    from terminology.store import schema
    from terminology.store.fresh import fresh_file

    meta = schema.catalogue_meta if is_catalogue else schema.meta
    with fresh_file(path) as fresh:
        shutil.copyfile(path, fresh)
        engine = create_engine(URL.create("sqlite", database=str(fresh)))
        try:
            with engine.begin() as connection:
                for step in steps:
                    (step.catalogue if is_catalogue else step.contents)(connection)
                stated = update(meta).where(meta.c.name == "schema")
                connection.execute(stated.values(value=SCHEMA_VERSION))
        finally:
            engine.dispose()
