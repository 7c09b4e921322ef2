"""What ships, loaded once; and a small zoo that every corner of a hierarchy is in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from terminology import content
from terminology.importers.shipped import shipped_tables
from terminology.model import Json
from terminology.operations.context import Context
from terminology.store.build import build
from terminology.store.sqlite import SqliteStore
from tests.terminology import builders
from tests.terminology.builders import concept, prop

NOTES = "https://proterm.example/fhir/CodeSystem/cpt-37244-notes"


@pytest.fixture(scope="session")
def shipped_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A store of all that ships."""
    path = tmp_path_factory.mktemp("shipped") / "store.db"
    build(path, "shipped", content.resources(), shipped_tables())
    store = SqliteStore(path)
    yield store
    store.close()


@pytest.fixture(scope="session")
def context(shipped_store: SqliteStore) -> Context:
    """The shipped content with its default supplement, as the service has it."""
    return builders.context_of(shipped_store, default_supplements=(NOTES,))


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[..., Context]]:
    """A function that makes a context of just the resources it is given."""
    made: list[SqliteStore] = []

    def loaded(*resources: Json, tables: Any = (), **more: Any) -> Context:
        folder = tmp_path / str(len(made))
        made.append(builders.store_of(folder, *resources, tables=tables))
        return builders.context_of(made[-1], **more)

    yield loaded
    for store in made:
        store.close()


@pytest.fixture(scope="session")
def animals() -> Json:
    """A code system with nesting, a second parent by property, and values of every type."""
    return builders.code_system(
        "animals",
        [
            concept(
                "animal",
                "Animal",
                concept(
                    "bird",
                    "Bird",
                    concept(
                        "duck",
                        "Duck",
                        designation=[{"language": "de", "value": "Ente"}],
                        property=[
                            prop("parent", valueCode="swimmer"),
                            prop("size", valueInteger=3),
                            prop("kept", valueBoolean=True),
                            prop("named", valueDateTime="1758"),
                            prop("weight", valueDecimal=1.25),
                            prop("call", valueString="quack, quack"),
                            prop("tint", valueCoding={"system": builders.COLOURS, "code": "red"}),
                        ],
                    ),
                    concept(
                        "dodo",
                        "Dodo",
                        property=[
                            prop("size", valueInteger=4),
                            prop("kept", valueBoolean=False),
                            prop("status", valueCode="retired"),
                            prop("call", _valueString={"extension": [{"url": "u"}]}),
                        ],
                    ),
                    property=[prop("notSelectable", valueBoolean=True)],
                ),
                concept(
                    "swimmer",
                    "Swimmer",
                    concept("otter", "Otter", property=[prop("size", valueInteger=3)]),
                ),
            ),
            concept("stone", property=[prop("tint", valueCode="red"), prop("tint", valueCode="b")]),
            concept("long", "a" * 2000 + "!"),
        ],
        language="en",
        property=[
            {"code": "size", "type": "integer", "uri": "https://test.example/size"},
            {"code": "parent", "type": "code"},
        ],
    )


@pytest.fixture(scope="session")
def colours() -> Json:
    """A code system that does not look at case, and is but a part of a larger one."""
    concepts = [concept("red", "Red"), concept("Blue", "Blue"), concept("b", "Black")]
    return builders.code_system(
        "colours", concepts, caseSensitive=False, content="fragment", version="2024"
    )
