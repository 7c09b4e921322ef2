"""Medicare's indicators and unit limits of 37244 and its family: facts, each by its own name."""

import pytest

from tests.terminology.rules.shipped import DAY, IN_2024, Asked, line

RELEASES = {
    "2020A": "2020-02-01",
    "2021A": "2021-02-01",
    "2022A": "2022-02-01",
    "2023A": "2023-02-01",
    "2024A": "2024-02-01",
    "2024B": "2024-05-01",
    "2025D": "2025-11-01",
}
MUE = frozenset({"ncci-mue"})


def test_37244_has_no_professional_technical_split_so_26_is_invalid_under_medicare(
    ask: Asked,
) -> None:
    assert ask.refused("37244:26") == set()
    found = ask.finding("mpfs-pctc-no-split", "37244:26")
    assert found.rule.effect == "invalid"
    for part in ("37244", "26", "indicator 0", "RVU 2025 October"):
        assert part in found.text


def test_tc_is_invalid_with_37244_under_medicare(ask: Asked) -> None:
    assert ask.medicare("37244:TC") == {"mpfs-pctc-no-split": "invalid"}


def test_26_applies_where_a_code_is_split_in_general(ask: Asked) -> None:
    assert ask.indicator("75726:26", pctc="1") == {}


def test_50_adds_no_150_percent_to_37244_and_is_payable(ask: Asked) -> None:
    found = ask.finding("mpfs-bilateral-paid-once", "37244:50")
    assert found.rule.effect == "no-payment-effect"
    assert "payable" in found.text


def test_51_on_37244_is_the_standard_reduction(ask: Asked) -> None:
    assert ask.medicare("37244:51") == {"mpfs-multiple-standard": "information"}


def test_medicare_s_systems_add_51_themselves(ask: Asked) -> None:
    assert "add 51 themselves" in ask.finding("mpfs-multiple-standard", "37244:51").text


def test_62_is_not_permitted_with_37244(ask: Asked) -> None:
    assert ask.medicare("37244:62") == {"mpfs-two-surgeons-not-permitted": "not-payable"}


def test_66_is_not_permitted_with_37244(ask: Asked) -> None:
    assert ask.medicare("37244:66") == {"mpfs-team-not-permitted": "not-payable"}


@pytest.mark.parametrize("modifier", ["80", "81", "82", "AS"])
def test_an_assistant_at_37244_is_never_paid(ask: Asked, modifier: str) -> None:
    assert ask.medicare(f"37244:{modifier}") == {"mpfs-assistant-never-paid": "not-payable"}


def test_an_assistant_at_37242_needs_documentation_in_2025_october(ask: Asked) -> None:
    assert ask.medicare("37242:80") == {"mpfs-assistant-documentation": "needs-documentation"}


def test_an_assistant_at_37241_and_37243_is_never_paid_in_2025_october(ask: Asked) -> None:
    for code in ("37241", "37243"):
        assert ask.medicare(f"{code}:80") == {"mpfs-assistant-never-paid": "not-payable"}


def test_the_global_period_of_37244_is_its_day(ask: Asked) -> None:
    assert ask.medicare("37244:78") == {"mpfs-return-same-day": "information"}
    assert "000 global days" in ask.finding("mpfs-return-same-day", "37244:78").text


@pytest.mark.parametrize("release", RELEASES)
def test_the_indicators_of_37244_are_the_same_in_every_release(ask: Asked, release: str) -> None:
    report = ask("37244:26:50:51:62:66:78:80", day=RELEASES[release])
    medicare = {f.rule.id: f for f in report.findings if f.rule.scope == "medicare-fee-schedule"}
    assert set(medicare) == {
        "mpfs-pctc-no-split",
        "mpfs-bilateral-paid-once",
        "mpfs-multiple-standard",
        "mpfs-two-surgeons-not-permitted",
        "mpfs-team-not-permitted",
        "mpfs-return-same-day",
        "mpfs-assistant-never-paid",
    }
    assert {found.facts["release"] for found in medicare.values()} == {release}


def test_before_the_first_release_the_fee_schedule_is_not_checked(ask: Asked) -> None:
    report = ask("37244:26", day="2019-12-31", scopes=frozenset({"medicare-fee-schedule"}))
    assert report.findings == ()
    assert [missing.scope for missing in report.not_checked] == ["medicare-fee-schedule"]


def test_between_two_releases_the_earlier_one_decides_without_being_stale(ask: Asked) -> None:
    report = ask("37244:26", day="2025-06-01", scopes=frozenset({"medicare-fee-schedule"}))
    assert [found.facts["release"] for found in report.findings] == ["2024B"]
    assert report.stale == ()


def test_after_the_last_release_it_still_decides_and_is_said_to_be_stale(ask: Asked) -> None:
    report = ask("37244:26", day="2026-11-23", scopes=frozenset({"medicare-fee-schedule"}))
    assert [found.facts["release"] for found in report.findings] == ["2025D"]
    assert [release.title for release in report.stale] == ["RVU 2025 October"]


def test_a_code_whose_row_is_not_loaded_is_not_checked(ask: Asked) -> None:
    report = ask("99213:26", scopes=frozenset({"medicare-fee-schedule"}))
    assert report.findings == ()
    (missing,) = report.not_checked
    assert "99213" in missing.reason


def test_three_payers_publish_that_they_go_by_these_indicators(ask: Asked) -> None:
    for rule, expression in (
        ("mpfs-pctc-no-split", "37244:26"),
        ("mpfs-assistant-never-paid", "37244:80"),
    ):
        cited = {s.publisher for s in ask.finding(rule, expression).rule.sources}
        assert cited & {"Regence", "Priority Health", "Independence Blue Cross"}


@pytest.mark.parametrize("setting", ["practitioner", "outpatient-hospital"])
def test_three_units_of_37244_are_over_the_limit_of_2_with_indicator_3(
    ask: Asked, setting: str
) -> None:
    found = ask.finding("mue-over-day-clinical", line("37244", 3), setting=setting, day=IN_2024)
    assert found.element == "units"
    assert (found.facts["units"], found.facts["limit"], found.facts["mai"]) == ("3", "2", "3")
    assert not ask(line("37244", 2), setting=setting, day=IN_2024, scopes=MUE).findings


@pytest.mark.parametrize(("code", "limit"), [("37241", 2), ("37242", 2), ("37243", 1)])
def test_the_limits_of_the_family(ask: Asked, code: str, limit: int) -> None:
    assert not ask(line(code, limit), scopes=MUE).findings
    assert "mue-over-day-clinical" in ask.ids(line(code, limit + 1))


def test_units_of_one_day_count_together_over_lines(ask: Asked) -> None:
    lines = (line("37244", 2), line("37244:76", 1))
    assert ask.finding("mue-over-day-clinical", *lines).facts["units"] == "3"
    other = line("37244:76", 1, date="2025-10-16")
    assert "mue-over-day-clinical" not in ask.ids(line("37244", 2, date=DAY), other)


def test_the_limit_is_still_2_in_2026(ask: Asked) -> None:
    found = ask.finding("mue-over-day-clinical", line("37244", 3), day="2026-08-01")
    assert (found.facts["limit"], found.facts["release"]) == ("2", "2026Q3")


def test_a_code_without_a_published_limit_is_not_said_to_have_none(ask: Asked) -> None:
    report = ask(line("99213", 50), scopes=MUE)
    assert report.findings == ()
    assert "unpublished" in report.not_checked[0].reason
