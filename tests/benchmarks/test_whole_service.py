"""The service with whole code files loaded: `$lookup` beside prebuilt bytes, on both stores."""

from pathlib import Path

import pytest

from tests.benchmarks.installed import STORES, with_all
from tests.benchmarks.load import asking, beside_prebuilt
from tests.terminology.importers.generate import public

ASKED = "/r4/CodeSystem/$lookup?system=http://www.cms.gov/Medicare/Coding/ICD10&code="
BOUNDS = {"sqlite": 0.80, "postgresql": 0.40}


@pytest.mark.parametrize("store", STORES)
def test_lookup_beside_prebuilt_bytes(store: str, tmp_path: Path) -> None:
    installed = with_all(store, tmp_path)
    codes = sorted(public.procedures())
    script = asking(ASKED, codes[::8])
    environ = installed.environ | {"BENCHMARK_ASKED": f"{ASKED}{codes[0]}"}
    ratio = beside_prebuilt(environ, script, tmp_path, f"$lookup, {store}")
    assert ratio.rate >= BOUNDS[store]
