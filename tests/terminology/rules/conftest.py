"""The shipped rules over the shipped content."""

import pytest

from terminology.operations.context import Context
from tests.terminology.rules.shipped import Asked


@pytest.fixture(scope="session")
def ask(context: Context) -> Asked:
    """A function that asks the rules over a store of what ships."""
    return Asked(context.code_systems.facts)
