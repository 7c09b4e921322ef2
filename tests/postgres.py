"""PostgreSQL of the tests' own: clusters in folders of theirs, which nobody else reaches.

A folder of tests that needs one imports the fixtures in its conftest.py. PostgreSQL does not run as
root; where the tests do, their clusters run as `postgres`, or else as `nobody`.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import require

_USER = "proterm"
_SETTINGS = {
    # A cluster of tests need not outlive the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "max_connections": "100",
    "wal_receiver_status_interval": "1",
    "wal_retrieve_retry_interval": "100ms",
    "hot_standby_feedback": "off",
}
_PATIENCE = 30.0


class Cluster:
    """A cluster, which answers at a socket in its folder.

    Args:
        folder: of its own.
        name: of its subfolder.
        programs: where PostgreSQL's are.
    """

    def __init__(self, folder: Path, name: str, programs: Path) -> None:
        self.folder = folder
        self._name = name
        self._data = folder / name
        self._programs = programs
        self._numbers = count(1)
        self._replicas: list[Cluster] = []

    def create(self) -> None:
        """Make it, with the sorting of a language: what Proterm sorts, it sorts by itself."""
        options = ["--auth=trust", f"--username={_USER}", "--encoding=UTF8", "--no-sync"]
        # Before version 15 a cluster takes no ICU.
        with_icu = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"]
        languages = with_icu if self.version >= 15 else ["--locale=C.UTF-8"]
        self._run("initdb", "--pgdata", str(self._data), *options, *languages)

    @property
    def version(self) -> int:
        """PostgreSQL's."""
        told = self._run("postgres", "--version")
        return int(told.split()[2].partition(".")[0])

    @property
    def socket(self) -> Path:
        """The folder of the socket, which stands for a host."""
        return self.folder / f"{self._name}.socket"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        if not self.socket.exists():
            self.socket.mkdir()
            _give(self.socket)
        settings = {**_SETTINGS, "unix_socket_directories": str(self.socket)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = str(self.socket / "log.txt")
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-l", log, "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` ends all connections, `immediate` is a crash."""
        self._run("pg_ctl", "stop", "-w", "-m", mode, "-D", str(self._data))

    @property
    def is_running(self) -> bool:
        """Whether it was started and not stopped."""
        return (self._data / "postmaster.pid").exists()

    def stop_all(self) -> None:
        """Stop it and its replicas, where they run."""
        for one in (*self._replicas, self):
            if one.is_running:
                one.stop("immediate")

    def address(self, database: str, *others: "Cluster") -> str:
        """The address of a database, here and in the replicas that follow."""
        hosts = ",".join(str(one.socket) for one in (self, *others))
        return f"postgresql://{_USER}@/{database}?host={hosts}"

    def database(self, template: str = "template1") -> str:
        """The name of a fresh database, a copy of one that nobody is connected to."""
        name = f"proterm_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def execute(self, sql: str, database: str = "postgres") -> list[Any]:
        """The rows of a statement."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def end_connections(self, database: str) -> int:
        """End every connection to a database, and tell how many there were."""
        found = self.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"  # noqa: S608
            f" WHERE datname = '{database}'"
        )
        return int(found[0][0])

    def replica(self, name: str) -> "Cluster":
        """A replica that streams."""
        made = Cluster(self.folder, name, self._programs)
        source = f"host={self.socket} user={_USER}"
        options = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
        self._run("pg_basebackup", "--pgdata", str(made._data), "--dbname", source, *options)
        self._replicas.append(made)
        made.start()
        return made

    def caught_up_with(self, primary: "Cluster") -> None:
        """Wait until this replica has all that the primary has now."""
        ((position,),) = primary.execute("SELECT pg_current_wal_lsn()::text")
        asked = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
        until(lambda: self.execute(asked) == [(True,)])

    def promote(self) -> None:
        """Make a replica a primary."""
        self._run("pg_ctl", "promote", "-w", "-D", str(self._data))

    def _run(self, program: str, *arguments: str) -> str:
        # What a server leaves open would be waited for: so its output goes to a file.
        with tempfile.TemporaryFile("w+") as output:
            status = subprocess.run(
                [str(self._programs / program), *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                check=False,
                **_as_whom(),
            ).returncode
            output.seek(0)
            told = output.read()
        assert status == 0, f"{program} failed ({status}):\n{told}{self._log()}"
        return told

    def _log(self) -> str:
        log = self.socket / "log.txt"
        return log.read_text()[-4000:] if log.exists() else ""


def until(holds: Callable[[], bool], patience: float = _PATIENCE) -> None:
    """Wait until something holds."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, f"waited for {patience} s"
        time.sleep(0.02)


@contextmanager
def clusters() -> Iterator[Callable[[str], Cluster]]:
    """A function that makes a cluster and starts it; with its replicas it ends with the block."""
    programs = _programs()
    require(programs, "PostgreSQL is not installed (Debian's package postgresql)")
    assert programs is not None
    with ExitStack() as ended:
        # Short, since the path of a socket may have 107 bytes.
        folder = Path(tempfile.mkdtemp(prefix="pg-"))
        ended.callback(shutil.rmtree, folder, ignore_errors=True)
        _give(folder)

        def make(name: str) -> Cluster:
            cluster = Cluster(folder, name, programs)
            cluster.create()
            cluster.start()
            ended.callback(cluster.stop_all)
            return cluster

        yield make


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A cluster that all tests share, each with databases of its own; nobody stops it."""
    with clusters() as make:
        yield make("main")


@pytest.fixture
def database(cluster: Cluster) -> str:
    """The address of a fresh database."""
    return cluster.address(cluster.database())


def _programs() -> Path | None:
    """The folder of PostgreSQL's programs: Debian keeps them off the path."""
    known = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found = shutil.which("initdb")
    if found is not None:
        known.append(Path(found).resolve().parent)
    return max(known, key=lambda path: _number(path.parent.name), default=None)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _owner() -> pwd.struct_passwd | None:
    """Whose the clusters are, where it is not oneself."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _as_whom() -> dict[str, Any]:
    owner = _owner()
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _give(path: Path) -> None:
    owner = _owner()
    if owner is not None:
        os.chown(path, owner.pw_uid, owner.pw_gid)
