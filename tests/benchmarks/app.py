"""The service over a store, with a route beside it that returns prebuilt bytes.

gunicorn imports this by name. `BENCHMARK_STORE` is the file of the store, if it is not that of the
service's own settings; `BENCHMARK_ASKED` is the address whose answer is the prebuilt one.
"""

import os
from pathlib import Path

from flask import Response

from service.app import create_app
from service.settings import Settings
from terminology.store.sqlite import SqliteStore

_file = os.environ.get("BENCHMARK_STORE")
_store = SqliteStore(Path(_file)) if _file else None
app = create_app(Settings.from_env(), _store)
_answer = app.test_client().get(os.environ["BENCHMARK_ASKED"])
assert _answer.status_code == 200, _answer.text
PREBUILT = _answer.data


@app.get("/prebuilt")
def prebuilt() -> Response:
    """An answer that was made before anybody asked."""
    return Response(PREBUILT, content_type="application/fhir+json; charset=utf-8")
