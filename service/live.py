"""The state that answers now, and its change when another activation is noticed.

A request has one state from its beginning to its end, so no answer is mixed of two releases. A
thread of each worker looks once a second which activation is current; it opens the new state beside
the old one, and then puts it in its place.
"""

import gc
import logging
import threading
import time

from service.settings import Settings
from service.state import State, open_repository, open_state, state_of
from terminology.errors import StoreUnavailable
from terminology.store.base import Store

EVERY = 1.0
"""Seconds between two looks."""
_BEFORE = "What was active before goes on to answer."
_NOTHING = "Until it is better, requests are answered with 503."
_log = logging.getLogger("proterm")


class Live:
    """The state of a process, as it is at a moment.

    Args:
        settings: of the service.
        store: what to serve, for good; if left out, what is active in the repository.

    Raises:
        SettingError: a supplement that is to be applied by default is not loaded.
        StoreUnavailable: the store can't be read, and is one that will not be by itself.
    """

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        """Open the state; a database that can't be reached now is waited for."""
        self.settings = settings
        self._state: State | None = None
        self._trouble = StoreUnavailable("The store was not opened yet.")
        self._opening = threading.Lock()
        self._said = ""
        self._replaced = 0.0
        self._ended = threading.Event()
        if store is not None:
            self._state = open_state(settings, store)
            return
        self._repository = open_repository(settings)
        try:
            self._state = state_of(settings, self._repository.open())
        except StoreUnavailable as error:
            if not settings.is_remote:
                raise
            self._trouble = error
        watch = threading.Thread(target=self._watch, name="activations", daemon=True)
        watch.start()

    def state(self) -> State:
        """The state that answers now.

        Raises:
            StoreUnavailable: the database could not be reached yet.
        """
        if self._state is None:
            raise StoreUnavailable(self._trouble.message)
        return self._state

    def look(self) -> bool:
        """Take up another activation, if there is one; whether there was.

        What a replica says that lags behind is no news to the repository. An earlier activation
        that it tells of all the same is that of a store which was restored.
        """
        with self._opening:
            if self._state is not None and self._repository.number() == self._state.number:
                return False
            self._state = state_of(self.settings, self._repository.open())
            self._replaced = time.monotonic()
            return True

    def end(self) -> None:
        """Look no more."""
        self._ended.set()

    def look_and_tell(self) -> None:
        """Take up another activation, and log what came of it; trouble once, while it lasts."""
        try:
            if self.look():
                state = self.state()
                _log.info("Serving %s, activation %d", state.store.release, state.number)
            self._said = ""
        except StoreUnavailable as error:
            self._trouble = error
            self._say_once(error.message)
        except Exception as error:
            # Whatever it is, what serves goes on to serve, and the next look may be better.
            self._say_once(f"The releases that are active can't be opened: {error!r}.", error)

    def let_go(self) -> None:
        """Close the files and connections of a state that no request has any more.

        A state holds itself by what it is made of, so they would stay open, and a release that was
        dropped on the disk, until Python happens to look for such rings.
        """
        past = time.monotonic() - self._replaced
        if self._replaced and past > self.settings.deadline_ms / 1000:
            self._replaced = 0.0
            # The first state is among what the collector was told to pass over.
            is_frozen = gc.get_freeze_count() > 0
            gc.unfreeze()
            gc.collect()
            if is_frozen:
                gc.freeze()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY):
            self.look_and_tell()
            self.let_go()

    def _say_once(self, message: str, fault: Exception | None = None) -> None:
        if message != self._said:
            self._said = message
            _log.warning(
                "%s %s", message, _NOTHING if self._state is None else _BEFORE, exc_info=fault
            )
