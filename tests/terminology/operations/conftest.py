"""The zoo with value sets over it, right ones and broken ones."""

from collections.abc import Callable

import pytest

from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import (
    ANIMALS,
    BASE,
    COLOURS,
    code_system,
    concept,
    condition,
    include,
    value_set,
)

VS = f"{BASE}/ValueSet/"
LETTERS = f"{BASE}/CodeSystem/letters"


@pytest.fixture
def zoo(load: Callable[..., Context], animals: Json, colours: Json) -> Context:
    names = [concept("duck", designation=[{"language": "sw", "value": "Bata"}])]
    own = {"code": "duck", "display": "Donald", "designation": [{"value": "Dagobert"}]}
    old = animals | {"id": "old", "version": "0.9.0", "concept": [{"code": "mammoth"}]}
    return load(
        animals,
        old,
        colours,
        code_system("more", names, content="supplement", supplements=ANIMALS),
        value_set("birds", include(ANIMALS, filter=[condition("concept", "is-a", "bird")])),
        value_set("whole", include(ANIMALS)),
        value_set("living", include(ANIMALS), inactive=False),
        value_set("named", {"system": ANIMALS, "concept": [own]}),
        value_set("both", include(ANIMALS), include(COLOURS), include("urn:gone", "x")),
        value_set("twice", include(ANIMALS, "stone", "b"), include(COLOURS), include(LETTERS)),
        value_set("circle", include(ANIMALS), include(valueSet=[f"{VS}circle"])),
        value_set("lost", include(valueSet=[f"{VS}nowhere"])),
        value_set("pinned", include(ANIMALS, version="0.9.0")),
        value_set("other", include(ANIMALS, version="7")),
        code_system("letters", [concept("b", "Bee")]),
    )
