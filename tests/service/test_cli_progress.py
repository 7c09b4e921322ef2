"""How far a load is: in words, as a bar where there is a terminal, as lines elsewhere."""

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from service.cli import progress
from service.cli.progress import Reading, Seen
from tests.service.loading import Shop
from tests.terminology.importers.generate import ncci

COMMAND = (sys.executable, "-c", "from service.cli import main; main()", "load", "ncci-ptp")


def told(*seen: tuple[float, int, int], total: int = 1000) -> str:
    first, *others = (Seen(*one) for one in seen)
    reading = Reading(total, first)
    for one in others:
        reading.see(one)
    return reading.told()


class TestInWords:
    @pytest.mark.parametrize(
        ("seen", "words"),
        [
            ([(0, 0, 0)], "checking"),
            ([(0, 0, 0), (1, 400, 0)], "checking"),
            ([(0, 0, 0), (10, 250, 5000)], "5,000 rows, 500 a second, 25%, about 30 s left"),
            ([(0, 0, 0), (60, 100, 60)], "60 rows, 1 a second, 10%, about 9 min 0 s left"),
            ([(0, 0, 0), (10, 1000, 50)], "50 rows read; finishing"),
            # Read twice at first, and then once more for its rows.
            (
                [(0, 0, 0), (5, 1000, 0), (10, 1500, 50)],
                "50 rows, 10 a second, 50%, about 5 s left",
            ),
            # Everything was read before; the rows are written from what was kept.
            ([(0, 900, 10), (10, 900, 110)], "110 rows, 10 a second"),
            ([(0, 0, 0), (10, 980, 50), (12, 980, 50)], "50 rows read; finishing"),
        ],
    )
    def test_rows_rate_part_and_time_left(
        self, seen: list[tuple[float, int, int]], words: str
    ) -> None:
        assert told(*seen) == words

    def test_a_delivery_of_empty_files(self) -> None:
        assert told((0, 0, 0), (1, 0, 1), total=0) == "1 rows, 1 a second"


def test_a_bar_in_a_terminal(shop: Shop) -> None:
    (shop.folder / "pairs").mkdir()
    ncci.parts(shop.folder / "pairs", 600_000)
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, str(shop.folder / "pairs")],
        stderr=terminal,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PROTERM_DATA": str(shop.data)},
    )
    os.close(terminal)
    shown = _all_of(controller)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0, shown
    assert re.search(r"\r\x1b\[K\[#+-+\] [\d,]+ rows, [\d,]+ a second, \d+%, about \d+ s", shown)
    # The line is empty again before the table is printed, to another stream.
    assert shown.endswith("\r\x1b[K")
    assert b"loaded   600,000  rows of ncci-ptp practitioner" in printed


def _all_of(controller: int) -> str:
    """What is written to a terminal, until nobody has it open any more."""
    shown = b""
    try:
        while part := os.read(controller, 4096):
            shown += part
    except OSError:  # Linux's way to say that it is closed
        pass
    finally:
        os.close(controller)
    return shown.decode()


def test_plain_lines_elsewhere(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_LOOK_EVERY", 0.02)
    monkeypatch.setattr(progress, "_LINE_EVERY", 0.02)
    file = shop.folder / "pairs"
    file.mkdir()
    ncci.parts(file, 200_000)
    result = shop.run("load", "ncci-ptp", str(file))
    first, second, *lines = result.stderr.splitlines()
    assert first == f"Reading {file}"
    assert "Loading NCCI PTP 2026 Q3" in (second, *lines)
    assert re.search(r"[\d,]+ rows, [\d,]+ a second, \d+%, about \d+ s left\n", result.stderr)
    assert "\r" not in result.stderr


def test_it_ends_with_a_load_that_fails(shop: Shop) -> None:
    before = time.monotonic()
    result = shop.run("load", "hcpcs", str(shop.hcpcs({"bad!": "No code"})))
    assert result.exit_code == 2
    assert time.monotonic() - before < 5
    assert "a second" not in result.stderr
