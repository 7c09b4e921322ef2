"""`$lookup` of 10,000 distinct codes, beside a route of the same app that returns prebuilt bytes.

No answer is kept anywhere: each is made from its row of the store. The figures to look at are the
ratios, since both are measured in turn on the same machine.
"""

from pathlib import Path
from statistics import median

from tests.benchmarks.generated import ASKED, FIRST, store
from tests.benchmarks.load import measured, serving

CODES = 10_000
ROUNDS = 5
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
    rates, tails = [], []
    with serving("tests.benchmarks.app:app", {"BENCHMARK_STORE": str(file)}) as address:
        measured(f"{address}/prebuilt")  # warms up
        for _ in range(ROUNDS):
            prebuilt = measured(f"{address}/prebuilt")
            lookup = measured(address, _SCRIPT, tmp_path)
            rates.append(lookup.per_second / prebuilt.per_second)
            tails.append(lookup.p99_ms / prebuilt.p99_ms)
            print(
                f"prebuilt {prebuilt.per_second:7.0f}/s p99 {prebuilt.p99_ms:6.2f} ms   "
                f"$lookup {lookup.per_second:7.0f}/s p99 {lookup.p99_ms:6.2f} ms"
            )
    print(f"median ratio: {median(rates):.2f} of the rate, {median(tails):.2f} of the p99")
    assert median(rates) >= 0.80
    assert median(tails) <= 1.5
