"""A claim of 20 lines judged by all rules that ship, beside what orjson needs to parse it."""

import time
from collections.abc import Callable
from decimal import Decimal

import orjson

from terminology import content
from terminology.rules.book import RuleBook
from terminology.rules.evaluator import evaluate
from terminology.rules.facts import Pair
from terminology.rules.model import SCOPES
from terminology.rules.request import Line, Request
from tests.terminology.rules.facts import CPT, FakeFacts

LINES = 20
ROUNDS = 300
CODES = [str(37230 + n) for n in range(LINES)]
CARRIED = (("59", "LT"), ("26",), (), ("80", "XS"), ("50",))
ROW = {
    "status": "A",
    "pctc": "0",
    "global_days": "000",
    "mult": "2",
    "bilat": "0",
    "asst": "1",
    "co_surg": "0",
    "team": "0",
}
FACTS = FakeFacts(
    codes={code: ["code"] for code in CODES}
    | {modifier: ["general"] for carried in CARRIED for modifier in carried},
    rows={("medicare-fee-schedule", code): ROW for code in CODES}
    | {("medicare-mue", code): {"mue": "2", "mai": "3"} for code in CODES},
    pairs=[
        Pair(CODES[one], CODES[other], "1" if other % 3 else "0", "Its rationale")
        for one in range(LINES)
        for other in range(max(0, one - 3), one)
    ],
)


def test_a_claim_of_20_lines_by_all_families() -> None:
    book = RuleBook.of(content.rules())
    assert book.scopes == set(SCOPES)
    lines = tuple(
        Line(
            code=code,
            modifiers=CARRIED[n % len(CARRIED)],
            units=Decimal(1 + n % 3),
            path=f"Claim.item[{n}]",
        )
        for n, code in enumerate(CODES)
    )
    request = Request(lines=lines, day="2025-10-15", payer="medicare")
    report = evaluate(request, FACTS, book)
    scopes = {found.rule.scope for found in report.findings}
    assert {"medicare-fee-schedule", "ncci-ptp", "ncci-mue"} <= scopes
    body = orjson.dumps(_claim(lines))
    judged = _best(lambda: evaluate(request, FACTS, book))
    parsed = _best(lambda: orjson.loads(body))
    one = Request(lines=lines[:1], day="2025-10-15")
    print(
        f"{len(book.rules)} rules, {len(report.findings)} findings: {judged * 1e3:.2f} ms;"
        f" orjson parses the claim of {len(body)} bytes in {parsed * 1e3:.3f} ms,"
        f" {judged / parsed:.0f} times;"
        f" one line {_best(lambda: evaluate(one, FACTS, book)) * 1e6:.0f} us"
    )
    assert judged <= 0.002


def _claim(lines: tuple[Line, ...]) -> dict[str, object]:
    return {
        "resourceType": "Claim",
        "status": "active",
        "use": "claim",
        "item": [
            {
                "sequence": number,
                "productOrService": {"coding": [{"system": CPT, "code": line.code}]},
                "modifier": [{"coding": [{"system": CPT, "code": m}]} for m in line.modifiers],
                "servicedDate": "2025-10-15",
                "quantity": {"value": int(line.units or 1)},
            }
            for number, line in enumerate(lines, start=1)
        ],
    }


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
