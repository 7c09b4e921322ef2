"""The application in this process, and the service as people run it, over what ships."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from service.state import open_repository
from terminology.store import changes
from tests.postgres import (  # noqa: F401
    Cluster,
    cluster,
    database,
)
from tests.service.loading import APRIL, JANUARY, Shop
from tests.service.two_stores import both  # noqa: F401
from tests.serving import data_folder, server  # noqa: F401


@pytest.fixture(scope="session")
def app(data_folder: Path) -> Flask:  # noqa: F811
    return create_app(Settings(data=data_folder))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    """A store of its own with nothing but what ships, and files to load into it.

    It is a folder, unless a test asks for `postgresql` by `both_stores`.
    """
    if getattr(request, "param", "folder") == "postgresql":
        template: Template = request.getfixturevalue("template")
        return Shop(tmp_path, database=template.copied())
    request.getfixturevalue("app")
    return Shop(tmp_path, request.getfixturevalue("data_folder"))


@pytest.fixture
def loaded(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A store with two releases of HCPCS, both active, and nobody who has to be waited for."""
    monkeypatch.setattr(changes, "GRACE", 0.0)
    shop.done("load", "hcpcs", str(shop.hcpcs(JANUARY)))
    shop.done("load", "hcpcs", str(shop.hcpcs(APRIL, "APR")))
    return shop


class Template:
    """A database with what ships, to be copied: that takes a fraction of building it."""

    def __init__(self, cluster: Cluster) -> None:  # noqa: F811
        self._cluster = cluster
        self._name = cluster.database()
        repository = open_repository(Settings(store=cluster.address(self._name)))
        repository.open()
        repository.close()

    def copied(self) -> str:
        """The address of a copy."""
        self._cluster.end_connections(self._name)
        name = self._cluster.database(self._name)
        return self._cluster.address(name)


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> Template:  # noqa: F811
    return Template(cluster)
