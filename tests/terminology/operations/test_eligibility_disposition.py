"""What an answer about eligibility says in one sentence: its disposition."""

from typing import Any

import pytest

from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import perform
from tests.terminology.coverage.test_eligibility_payers import MEDICARE, NOBODY, request

CPT = "http://www.ama-assn.org/go/cpt"
COVERAGE: Json = {"reference": "Coverage/1"}


def item(code: str, system: str = CPT, **more: Any) -> Json:
    return {"productOrService": {"coding": [{"system": system, "code": code}]}, **more}


def submit(context: Context, body: Json) -> Json:
    return perform(context, "CoverageEligibilityRequest/submit", resource=body)


def ask(context: Context, insurer: Json, *items: Json, **more: Any) -> Json:
    return submit(
        context, request(insurer, COVERAGE, **({"item": list(items)} if items else {}), **more)
    )


@pytest.mark.parametrize("insurer", [MEDICARE, NOBODY])
def test_that_a_code_is_wrong_is_said_in_the_disposition_too(
    context: Context, insurer: Json
) -> None:
    beside = item("37243", modifier=[{"coding": [{"system": CPT, "code": "1P"}]}])
    answer = ask(context, insurer, item("37244:1P"), beside, item("37244"))
    assert answer["outcome"] == "error"
    assert answer["disposition"].startswith(
        "37244:1P, 37243 are wrong by CPT's grammar, with the modifiers sent; see error. "
    )
    right = ask(context, insurer, item("37244"))
    assert "grammar" not in right["disposition"]


@pytest.mark.parametrize("asked", [item("37244"), item("37244:1P"), item("99213")])
def test_the_copyright_of_cpt_ends_the_disposition(context: Context, asked: Json) -> None:
    answer = ask(context, MEDICARE, asked)
    assert answer["disposition"].endswith(
        " CPT © Copyright 2026 American Medical Association. All rights reserved. AMA and CPT are"
        " registered trademarks of the American Medical Association."
    )
    # HL7's extension for it is not for what is about a patient.
    assert "extension" not in answer


def test_without_codes_of_cpt_there_is_no_copyright(context: Context) -> None:
    hcpcs = item("G0269", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets")
    for items in ([hcpcs], []):
        assert "Copyright" not in ask(context, MEDICARE, *items)["disposition"]
