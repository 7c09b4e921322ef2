"""Value sets beside prebuilt bytes: validation in one of 100 codes, pages out of 80,000."""

from pathlib import Path

from tests.benchmarks.generated import FIRST, VALUE_SET, WHOLE, store
from tests.benchmarks.load import beside_prebuilt, over

_VALIDATE = (
    f"/r4/ValueSet/$validate-code?url={VALUE_SET}&system=http://www.ama-assn.org/go/cpt&code="
)
_EXPAND = f"/r4/ValueSet/$expand?url={WHOLE}&count=100&offset="
PAGES = 800


def test_validation_in_a_stored_value_set_of_100_codes(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    store(file, 1000).close()
    script = f"""
    local n = 0
    function request()
      n = (n + 37) % 100
      return wrk.format("GET", "{_VALIDATE}" .. ({FIRST} + n))
    end
    """
    ratio = beside_prebuilt(over(file, f"{_VALIDATE}{FIRST}"), script, tmp_path, "$validate-code")
    assert ratio.rate >= 0.70


def test_a_page_of_100_out_of_a_stored_system_of_80000(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    store(file, PAGES * 100).close()
    script = f"""
    local n = 0
    function request()
      n = (n + 311) % {PAGES}
      return wrk.format("GET", "{_EXPAND}" .. (n * 100))
    end
    """
    ratio = beside_prebuilt(over(file, f"{_EXPAND}0"), script, tmp_path, "$expand")
    assert ratio.rate >= 0.45
