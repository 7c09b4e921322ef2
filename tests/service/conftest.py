"""The application in this process, and the service as people run it, over what ships."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from tests.service.loading import Shop
from tests.serving import data_folder, server  # noqa: F401


@pytest.fixture(scope="session")
def app(data_folder: Path) -> Flask:  # noqa: F811
    return create_app(Settings(data=data_folder))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def shop(app: Flask, data_folder: Path, tmp_path: Path) -> Shop:  # noqa: F811
    """A store of its own with nothing but what ships, and files to load into it."""
    return Shop(tmp_path, data_folder)
