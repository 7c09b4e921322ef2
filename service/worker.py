"""The gunicorn worker of the service: gunicorn's threaded worker, handed complete requests only.

gunicorn's sync worker is stopped by any client that connects and sends nothing, which is what
browsers do ahead of need. Its threaded worker spends a thread on such a client, for five seconds
when nothing comes and for ever when half a request does, and the hand-over of each request between
threads costs more than answering it. Here the event loop reads a request until it is whole; only
then is it served: in the loop itself where the worker has one thread, in a thread where it has
more. Parsing and answering stay gunicorn's; what it refuses is said in an OperationOutcome.

TLS belongs in front of the service: this worker reads plain sockets.
"""

import re
import selectors
import socket
import struct
import time
from collections import deque
from concurrent.futures import Executor, Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from service.refusals import Recorder, refusal

RECEIVE = 65536
LARGEST_HEAD = 2 << 20
"""Bytes of request line and headers, over any limit the application sets for itself."""
LARGEST_WAIT = 256 << 10
"""Bytes of request that the loop waits for; a longer body is read by the one who serves it."""
STALLED = 5.0
"""Seconds that a socket may bring nothing while somebody waits for it."""
LINGER = 2.0
"""Seconds that the client has to take the last answer and close."""

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_UNKNOWN_LENGTH = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)


def is_whole(data: bytes | bytearray) -> bool:
    """Whether serving the request that `data` begins needs no wait, or none that is worth it.

    This decides only when a request is served. Where it ends is for gunicorn's parser to say.
    """
    head = data.find(_END) + len(_END)
    if head < len(_END):
        return len(data) > LARGEST_HEAD
    length = _LENGTH.search(data, 0, head)
    if length is None or _UNKNOWN_LENGTH.search(data, 0, head):
        return True
    return len(data) >= min(head + int(length[1]), LARGEST_WAIT)


class Connection(TConn):
    """A client's connection with what has come of its next request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.arrived = bytearray()
        # A thread that reads or writes waits this long, not for ever.
        stalled = struct.pack("ll", int(STALLED), 0)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, stalled)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, stalled)

    def receive(self) -> bool | None:
        """Take what is there: True when it is a request, None when the client has gone."""
        try:
            data = self.sock.recv(RECEIVE)
        except BlockingIOError:
            return False
        except OSError:
            return None
        self.arrived += data
        if not data or len(self.arrived) > LARGEST_HEAD + LARGEST_WAIT:
            return None
        return is_whole(self.arrived)

    def hand_over(self) -> None:
        """Give what has come to gunicorn's parser."""
        self.init()
        self.parser.unreader.unread(bytes(self.arrived))
        self.arrived.clear()
        self.data_ready = True


class InLoop(Executor):
    """An executor that runs a job where it is submitted."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn` and return its finished future."""
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:
            done.set_exception(error)
        return done


class Worker(ThreadWorker):
    """gunicorn's threaded worker, in which no client can hold what another one needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lingering: deque[Connection] = deque()

    def get_thread_pool(self) -> Executor:
        """A pool of threads, or none where a worker has one thread."""
        return InLoop() if self.cfg.threads == 1 else super().get_thread_pool()

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and its request where that came with it."""
        try:
            sock, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker was faster, or the client has gone
        self.nr_conns += 1
        self.listen(Connection(self.cfg, sock, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Take what a connection that was kept alive sends."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.listen(conn)

    def listen(self, conn: Connection) -> None:
        """Serve a connection's request if it is there, or wait for it without a thread."""
        whole = conn.receive()
        if whole:
            self.serve(conn)
        elif whole is None:
            self.drop(conn)
        else:
            conn.timeout = time.monotonic() + self.cfg.keepalive
            self.pending_conns.append(conn)
            self.watch(conn, self.on_pending_socket_readable)

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Take the next part of a request; the time for all its parts is not prolonged."""
        whole = conn.receive()
        if whole is False:
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if whole:
            self.serve(conn)
        else:
            self.drop(conn)

    def serve(self, conn: Connection) -> None:
        """Have a whole request answered."""
        conn.hand_over()
        self.enqueue_req(conn)

    def enqueue_req(self, conn: Connection) -> None:
        """Answer in the loop, or have a thread do it."""
        if self.cfg.threads > 1:
            super().enqueue_req(conn)
        else:
            self.finish_request(conn, self.tpool.submit(self.handle, conn))

    def watch(self, conn: Connection, callback: Any) -> None:
        """Call back with the connection when its socket has something to read."""
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(callback, conn))

    def drop(self, conn: Connection) -> None:
        """Close a connection that nothing is owed to."""
        self.nr_conns -= 1
        conn.close()

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        """Keep a connection whose request was answered, or see it off."""
        if fs.cancelled() or fs.exception():
            self.drop(conn)
        elif not fs.result():
            self.linger(conn)
        else:
            # What came behind the request waits its turn like any other.
            conn.arrived += conn.parser.unreader.take_buffered()
            conn.timeout = time.monotonic() + (self.cfg.keepalive if self.alive else LINGER)
            self.await_next(conn)

    def await_next(self, conn: Connection) -> None:
        """Put a connection where its next request will be noticed."""
        if not conn.arrived:
            self.keepalived_conns.append(conn)
            self.watch(conn, self.on_client_socket_readable)
        elif is_whole(conn.arrived):
            self.method_queue.defer(self.serve, conn)
        else:
            self.pending_conns.append(conn)
            self.watch(conn, self.on_pending_socket_readable)

    def linger(self, conn: Connection) -> None:
        """Close in two steps, so that unread input does not cut off the answer (RFC 9112 9.6)."""
        self.nr_conns -= 1
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            conn.close()
            return
        conn.timeout = time.monotonic() + LINGER
        self.lingering.append(conn)
        self.watch(conn, self.on_lingering_socket_readable)

    def on_lingering_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Throw away what still comes, until the client has closed."""
        conn.arrived.clear()
        if conn.receive() is None:
            self.poller.unregister(client)
            self.lingering.remove(conn)
            conn.close()

    def handle_error(
        self, req: Any, client: socket.socket, addr: tuple[str, int], exc: BaseException
    ) -> None:
        """Log a request that can't be read, and say so to the client."""
        recorder = Recorder()
        super().handle_error(req, recorder, addr, exc)
        with suppress(OSError):  # who can't be told has gone
            client.sendall(refusal(recorder.status, exc))

    def murder_pending(self) -> None:
        """Close the connections whose time is over."""
        super().murder_pending()
        while self.lingering and self.lingering[0].timeout <= time.monotonic():
            conn = self.lingering.popleft()
            self.poller.unregister(conn.sock)
            conn.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """Let a stopping worker wait for half a request no longer than for none."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
