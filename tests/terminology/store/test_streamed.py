"""Code systems that come as a stream of concepts."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from terminology.model import Concept, Property
from terminology.store.build import build_file
from terminology.store.contents import Contents, SystemLoad
from terminology.store.sqlite import SqliteStore
from terminology.tree import PlacedConcept
from tests.terminology.builders import code_system

SYSTEM = code_system("letters", [])


@pytest.mark.parametrize(("count", "is_whole"), [(3, True), (5_001, False)])
def test_a_code_system_that_came_as_a_stream_is_kept_whole_where_it_is_small(
    tmp_path: Path, count: int, is_whole: bool
) -> None:
    path = tmp_path / "store.db"
    head = {name: v for name, v in SYSTEM.items() if name != "concept"} | {"content": "fragment"}
    weight = Property(code="weight", value_decimal=Decimal("1.10"))
    concepts = (
        PlacedConcept(n, Concept(code=f"c{n}", property=[weight]), n - 1 if n == 1 else None)
        for n in range(count)
    )
    streamed = SystemLoad(head, concepts)
    stated = SystemLoad({**head, "id": "stated", "count": 9}, ())
    build_file(path, 0, "new", Contents(systems=[streamed, stated]))
    store = SqliteStore(path)
    body = store.resource("CodeSystem", "letters")
    assert body is not None
    assert f'"count":{count}'.encode() in body
    assert (b'"valueDecimal":1.10' in body) is is_whole
    assert (b"SUBSETTED" in body) is not is_whole
    if is_whole:
        nested = msgspec.json.decode(body)["concept"]
        assert [one["code"] for one in nested] == ["c0", "c2"]
        assert [one["code"] for one in nested[0]["concept"]] == ["c1"]
    assert b'"count":9' in (store.resource("CodeSystem", "stated") or b"")
    assert store.size(1) == count
    store.close()
