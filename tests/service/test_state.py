"""What is refused at start, so that no request has to fail on it."""

from pathlib import Path

import pytest

from service.settings import SettingError, Settings
from service.state import open_state


def test_a_default_supplement_that_is_not_loaded_is_refused_by_name(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, default_supplements=("https://proterm.example/none",))
    with pytest.raises(SettingError, match=r"PROTERM_DEFAULT_SUPPLEMENTS .*proterm.example/none"):
        open_state(settings)


def test_no_default_supplement_is_the_way_of_r5(tmp_path: Path) -> None:
    state = open_state(Settings(data=tmp_path, default_supplements=()))
    assert state.context.default_supplements == ()
