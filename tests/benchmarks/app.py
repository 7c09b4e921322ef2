"""The service over generated codes, with a route beside it that returns prebuilt bytes.

gunicorn imports this by name; `BENCHMARK_STORE` is the file of the store.
"""

import os
from pathlib import Path

from flask import Response

from service.app import create_app
from service.settings import Settings
from terminology.store.sqlite import SqliteStore
from tests.benchmarks.generated import ASKED, FIRST

_store = SqliteStore(Path(os.environ["BENCHMARK_STORE"]))
PREBUILT = create_app(Settings(), _store).test_client().get(f"{ASKED}{FIRST}").data

app = create_app(Settings(), _store)


@app.get("/prebuilt")
def prebuilt() -> Response:
    """An answer of `$lookup`, made before anybody asked."""
    return Response(PREBUILT, content_type="application/fhir+json; charset=utf-8")
