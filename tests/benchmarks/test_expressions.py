"""`$validate-code` of expressions of CPT with modifiers, beside prebuilt bytes.

288 expressions are asked in turn, each by all rules on a day: a worker keeps the judgements of
4,096, as it would of the expressions that a hospital reports. Then 27,360 in turn, of which none is
kept when it is asked again, so that each is worked out.
"""

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

from terminology.codesystems.cpt.judgement import KEPT
from tests.benchmarks.generated import store
from tests.benchmarks.load import WORKERS, Ratio, beside_prebuilt, over

_ASKED = "/r4/CodeSystem/$validate-code?url=http://www.ama-assn.org/go/cpt&code="
_CODES = [
    ":".join((code, *modifiers))
    for code in ("37241", "37242", "37243", "37244")
    for modifiers in permutations(("22", "26", "50", "51", "59", "78", "LT", "XS", "GC"), 2)
]
_MORE = ("22", "26", "50", "51", "52", "53", "58", "59", "62", "66", "76", "78", "79", "80")
_COLD = [
    ":".join((code, *modifiers))
    for modifiers in permutations((*_MORE, "LT", "RT", "XS", "XE", "GC", "Q5"), 3)
    for code in ("37241", "37242", "37243", "37244")
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
    ratio = _beside(tmp_path, _CODES, "$validate-code of an expression")
    assert ratio.rate >= 0.60


def test_cold_expressions_beside_prebuilt_bytes(tmp_path: Path) -> None:
    assert len(_COLD) > WORKERS * KEPT
    ratio = _beside(tmp_path, _COLD, "$validate-code of an expression that is not kept")
    assert ratio.rate >= 0.40


def _beside(folder: Path, codes: Sequence[str], name: str) -> Ratio:
    file = folder / "store.sqlite3"
    store(file, 1000).close()
    script = _SCRIPT % (", ".join(f'"{code}"' for code in codes), _ASKED)
    return beside_prebuilt(over(file, f"{_ASKED}37244:59"), script, folder, name)
