"""`$validate-code` of expressions of CPT with modifiers, beside prebuilt bytes.

288 expressions are asked in turn, each by all rules on a day; a worker keeps the judgements of the
last 4,096, as it would of the expressions that a hospital reports.
"""

from itertools import permutations
from pathlib import Path

from tests.benchmarks.generated import store
from tests.benchmarks.load import beside_prebuilt, over

_ASKED = "/r4/CodeSystem/$validate-code?url=http://www.ama-assn.org/go/cpt&code="
_CODES = [
    ":".join((code, *modifiers))
    for code in ("37241", "37242", "37243", "37244")
    for modifiers in permutations(("22", "26", "50", "51", "59", "78", "LT", "XS", "GC"), 2)
]
_SCRIPT = """
local codes = {%s}
local n = 0
function request()
  n = n %% #codes + 1
  return wrk.format("GET", "%s" .. codes[n])
end
"""


def test_expressions_beside_prebuilt_bytes(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    store(file, 1000).close()
    script = _SCRIPT % (", ".join(f'"{code}"' for code in _CODES), _ASKED)
    name = "$validate-code of an expression"
    ratio = beside_prebuilt(over(file, f"{_ASKED}37244:59"), script, tmp_path, name)
    assert ratio.rate >= 0.60
