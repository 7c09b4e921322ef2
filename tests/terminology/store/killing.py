"""Processes that load files and may be killed while they do."""

import multiprocessing
import signal
import time
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from terminology.importers.delivery import Options
from terminology.importers.loading import Order, load
from tests.terminology.store.stores import Installation

KIND = "hcpcs"

# The children come off a process that has imported all they need, and has no connections.
_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(
    [__name__, "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.psycopg"]
)


def load_files(folder: Path, address: str | None, files: Path, begun: Connection) -> None:
    """Load files, and tell when it begins: what a child does."""
    repository = Installation(folder, address).repository()
    begun.send(True)
    load(repository, Order(KIND, files, Options(), "a test"))


def loading(installation: Installation, files: Path) -> BaseProcess:
    """A process that has begun to load."""
    here, there = multiprocessing.Pipe()
    arguments = (installation.folder, installation.address, files, there)
    child = _children.Process(target=load_files, args=arguments)
    child.start()
    there.close()
    assert here.poll(30), "the process did not begin"
    here.recv()
    here.close()
    return child


def seconds_to_load(installation: Installation, files: Path) -> float:
    """How long a load takes that nobody kills."""
    child = loading(installation, files)
    began = time.monotonic()
    child.join()
    assert child.exitcode == 0
    return time.monotonic() - began


def load_and_kill(installation: Installation, files: Path, after: float) -> bool:
    """Load files in a process that is killed after so many seconds; whether it was still at it."""
    child = loading(installation, files)
    time.sleep(after)
    child.kill()
    child.join()
    return child.exitcode == -signal.SIGKILL
