"""`proterm serve`: what it refuses to start with, and that it starts."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from service.cli import main
from service.cli.serve import greeting
from service.settings import Settings

ROOT = Path(__file__).parents[2]


def refused(*arguments: str, **environ: str) -> Result:
    result = CliRunner().invoke(main, ["serve", *arguments], env=environ)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    return result


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class TestFailures:
    def test_a_port_that_is_taken(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            number = taken.getsockname()[1]
            result = refused("--port", str(number))
        assert f"Nothing can listen at 127.0.0.1:{number}" in result.stderr
        assert "Is it running already?" in result.stderr

    @pytest.mark.parametrize("number", ["0", "65536", "http"])
    def test_a_port_that_is_none(self, number: str) -> None:
        assert f"PORT is '{number}'; it must be" in refused("--port", number).stderr

    def test_a_host_that_is_none(self, port: int) -> None:
        result = refused(HOST="no.such.host.invalid", PORT=str(port))
        assert "'no.such.host.invalid' is no address of this machine" in result.stderr

    def test_a_folder_that_cannot_be_written(self, port: int, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        result = refused("--port", str(port), "--data", str(tmp_path / "file" / "below"))
        assert "PROTERM_DATA" in result.stderr

    def test_a_setting_that_cannot_be_used(self, port: int) -> None:
        result = refused(PORT=str(port), PROTERM_WORKERS="none")
        assert "PROTERM_WORKERS is 'none'; it must be" in result.stderr


class TestGreeting:
    def test_it_names_what_to_try(self) -> None:
        lines = [line.strip() for line in greeting(Settings()).splitlines()]
        assert "http://127.0.0.1:8080/" in lines
        assert "http://127.0.0.1:8080/r4/metadata" in lines
        assert (
            "curl 'http://127.0.0.1:8080/r4/CodeSystem/$lookup"
            "?system=http://www.ama-assn.org/go/cpt&code=37244'"
        ) in lines

    @pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - nothing is bound
    def test_every_address_is_no_address_to_try(self, host: str) -> None:
        text = greeting(Settings(host=host))
        assert "http://127.0.0.1:8080/r4/metadata" in text
        assert "every address of this machine" in text

    def test_ipv6_is_bracketed(self) -> None:
        assert "http://[::1]:8080/" in greeting(Settings(host="::1"))


def test_it_serves_and_stops(port: int, data_folder: Path) -> None:
    environ = {name: v for name, v in os.environ.items() if not name.startswith("PROTERM_")}
    process = subprocess.Popen(
        [sys.executable, "-c", "from service.cli import main; main()", "serve"],
        env=environ | {"PORT": str(port), "PROTERM_DATA": str(data_folder), "PROTERM_WRKERS": "1"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert wait_for(f"http://127.0.0.1:{port}/health/ready", process)
        assert "37244" in requests.get(f"http://127.0.0.1:{port}/?code=37244", timeout=10).text
    finally:
        process.send_signal(signal.SIGTERM)
        printed, logged = process.communicate(timeout=30)
    assert process.returncode == 0
    assert f"curl 'http://127.0.0.1:{port}/r4/CodeSystem/$lookup" in printed.decode()
    assert "did you mean PROTERM_WORKERS?" in logged.decode()
    assert "Traceback" not in logged.decode()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> bool:
    for _ in range(300):
        assert process.poll() is None, process.communicate()
        try:
            return requests.get(address, timeout=5).ok
        except requests.ConnectionError:
            time.sleep(0.1)
    return False
