"""How gunicorn runs the service: `gunicorn --config python:service.gunicorn_conf`.

The names are gunicorn's, https://gunicorn.org/reference/settings/. What people may want to change
is a setting of the service (`service.settings`); the rest is decided here.
"""

import gc
import logging
import os
import sys
from typing import Any

from service.settings import Settings
from terminology.errors import OtherVersion, StoreUnavailable

# Fewer would put the time of connecting among the slowest hundredth of the requests.
REQUESTS_A_CONNECTION = 250
_settings = Settings.from_env()

wsgi_app = "service.app:create_app()"
_host = f"[{_settings.host}]" if ":" in _settings.host else _settings.host
bind = f"{_host}:{_settings.port}"

workers = _settings.workers
threads = _settings.threads
# The threaded worker of gunicorn: an idle or slow client holds a thread, not the whole worker.
worker_class = "gthread"
keepalive = 75

# A worker that has not answered for this long is replaced; long after the deadline of a request.
timeout = 30 + _settings.deadline_ms // 1000
graceful_timeout = 5 + _settings.deadline_ms // 1000
# The heartbeat of a worker is a file; on a disk that is busy it would stand still.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108

# The length of the request line is the application's to judge, with an OperationOutcome.
limit_request_line = 0
limit_request_fields = 100
limit_request_field_size = 16384
# The parser in C reads the same requests but not the same errors.
http_parser = "python"
# Nobody is to steer a server of clinical data through a file in the home folder.
control_socket_disable = True

errorlog = "-"
loglevel = _settings.log_level


def on_starting(server: Any) -> None:
    """Load and build once, before there are workers, what each of them would load and build.

    The application is made in each worker all the same: a connection to SQLite must not be carried
    across a fork (https://www.sqlite.org/howtocorrupt.html, section 2.6). A database that can't be
    reached yet is waited for by each of them.
    """
    import service.app  # noqa: F401
    from service.state import open_repository

    repository = open_repository(_settings)
    try:
        repository.open().store.close()
    except StoreUnavailable as error:
        if isinstance(error, OtherVersion) or not _settings.is_remote:
            raise
    repository.close()


def post_fork(server: Any, worker: Any) -> None:
    """Let threads take turns ten times as often as Python lets them, and log in one place.

    SQLite gives the interpreter's lock away for each statement, and a thread that wants it back
    waits until the one that took it has had its turn: 5 ms by default, longer than most requests.
    """
    sys.setswitchinterval(0.0005)
    # What the service logs goes where gunicorn's own log goes, in the same form.
    ours, theirs = logging.getLogger("proterm"), worker.log.error_log
    ours.handlers, ours.propagate = theirs.handlers, False
    ours.setLevel(theirs.level)


def post_worker_init(worker: Any) -> None:
    """Let the collector of garbage pass over what was loaded at the start.

    There is much of it and none is garbage; a look at all of it holds up every thread.
    """
    gc.collect()
    gc.freeze()


def pre_request(worker: Any, req: Any) -> None:
    """Close a connection after many requests, so that its client finds the idler worker.

    A connection stays with the worker that took it, and chance may give most of them to one.
    """
    if req.req_number >= REQUESTS_A_CONNECTION:
        req.force_close()
