"""What all tests share: the rule about skipping, hypothesis profiles, the folder of samples."""

import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

from terminology import deadline

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

REQUIRE_ALL = os.environ.get("PROTERM_REQUIRE_ALL") == "1"
SHARED = Path(__file__).resolve().parents[2] / "shared"
NO_SHARED = "the folder of samples and test suites is not beside this checkout"

# A deadline measures the machine, not the code. CI draws the same examples every time, so that a
# red run means that the change broke something.
settings.register_profile("local", deadline=None, max_examples=100)
settings.register_profile("ci", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("ci" if REQUIRE_ALL or os.environ.get("CI") else "local")


def skip_as_failure(report: Report) -> Report:
    """With PROTERM_REQUIRE_ALL=1 a skip is a failure: what CI does not run, nobody runs.

    The one exception is what needs the samples beside the checkout. They are not part of the
    project, so no script of the project can install them.
    """
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if NO_SHARED not in reason:
            report.outcome = "failed"
            report.longrepr = f"{reason}\nPROTERM_REQUIRE_ALL=1 is set, so this may not be skipped."
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Apply the rule about skipping to a test."""
    return skip_as_failure((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Apply the rule about skipping to a module that skips itself as a whole."""
    return skip_as_failure((yield))


def require(condition: object, reason: str) -> None:
    """Skip the test with `reason` unless `condition` holds."""
    if not condition:
        pytest.skip(reason)


@pytest.fixture(autouse=True)
def no_deadline() -> None:
    """No test works on the time that is left of another one's request."""
    deadline.stop()


@pytest.fixture(scope="session", name="require")
def the_helper() -> Callable[[object, str], None]:
    """`require`, for tests that would rather ask for it than import it."""
    return require


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of samples and test suites beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(NO_SHARED)
    return SHARED
