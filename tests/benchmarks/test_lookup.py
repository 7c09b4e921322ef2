"""`$lookup` of 10,000 distinct codes, beside a route of the same app that returns prebuilt bytes.

No answer is kept anywhere: each is made from its row of the store. The figures to look at are the
ratios, since both are measured in turn on the same machine.
"""

from pathlib import Path

from tests.benchmarks.generated import ASKED, FIRST, store
from tests.benchmarks.load import beside_prebuilt, over

CODES = 10_000
_SCRIPT = f"""
local n = 0
function request()
  n = (n + 7919) % {CODES}
  return wrk.format("GET", "{ASKED}" .. ({FIRST} + n))
end
"""


def test_lookup_beside_prebuilt_bytes(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    store(file, CODES).close()
    ratio = beside_prebuilt(over(file, f"{ASKED}{FIRST}"), _SCRIPT, tmp_path, "$lookup")
    assert ratio.rate >= 0.80
    assert ratio.p99 <= 1.5
