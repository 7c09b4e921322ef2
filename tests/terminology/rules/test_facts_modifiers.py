"""Each modifier with 37244, by CPT and on Medicare's basis: facts, each by its own name."""

import pytest

from tests.terminology.rules.shipped import DAY, IN_2024, Asked

REFUSING = {"invalid", "not-payable"}
HOSPITAL = "outpatient-hospital"


def allowed(ask: Asked, *modifiers: str) -> bool:
    """Whether neither CPT's grammar nor Medicare refuses any of them with 37244."""
    return not any(
        ask.refused(f"37244:{modifier}")
        or REFUSING & set(ask.medicare(f"37244:{modifier}").values())
        for modifier in modifiers
    )


def test_22_is_allowed_with_a_reason(ask: Asked) -> None:
    assert allowed(ask, "22")
    assert ask.medicare("37244:22") == {"mpfs-22-documentation": "needs-documentation"}


def test_22_is_for_codes_with_0_10_or_90_global_days(ask: Asked) -> None:
    assert "mpfs-22-no-global" in ask.indicator("75726:22", global_days="XXX")
    for days in ("000", "010", "090"):
        assert "mpfs-22-no-global" not in ask.indicator("X0001:22", global_days=days)


def test_26_and_tc_are_cpt_and_invalid_under_medicare(ask: Asked) -> None:
    for modifier in ("26", "TC"):
        assert ask.refused(f"37244:{modifier}") == set()
        assert not allowed(ask, modifier)


def test_50_is_allowed_without_the_150_percent(ask: Asked) -> None:
    assert allowed(ask, "50")


def test_51_is_allowed(ask: Asked) -> None:
    assert allowed(ask, "51")


def test_52_is_allowed(ask: Asked) -> None:
    assert ask.ids("37244:52") == set()


def test_53_is_allowed_to_a_physician_and_priced_by_itself(ask: Asked) -> None:
    assert allowed(ask, "53")
    assert ask.medicare("37244:53") == {"mpfs-53-individual": "needs-documentation"}


def test_a_facility_uses_73_or_74_instead_of_53(ask: Asked) -> None:
    assert "cpt-53-in-a-facility" in ask.ids("37244:53", setting=HOSPITAL)
    assert "cpt-53-in-a-facility" not in ask.ids("37244:53")
    for modifier in ("73", "74"):
        assert "cpt-facility-modifier" not in ask.ids(f"37244:{modifier}", setting=HOSPITAL)


@pytest.mark.parametrize("modifier", ["54", "55", "56"])
def test_split_care_makes_no_sense_with_a_global_period_of_a_day(ask: Asked, modifier: str) -> None:
    assert ask.medicare(f"37244:{modifier}") == {"mpfs-split-care-no-period": "information"}


@pytest.mark.parametrize("modifier", ["58", "78", "79"])
def test_a_return_in_a_global_period_is_rare_after_37244(ask: Asked, modifier: str) -> None:
    assert allowed(ask, modifier)
    assert ask.medicare(f"37244:{modifier}") == {"mpfs-return-same-day": "information"}


def test_59_bypasses_a_pair_with_indicator_1_and_none_with_0(ask: Asked) -> None:
    assert allowed(ask, "59")
    assert ask.finding("ncci-pair-bypassed", "37244:59", "37243", day=IN_2024).bypassed
    assert not ask.finding("ncci-pair-never", "37244:59", "01924", day=IN_2024).bypassed


@pytest.mark.parametrize("modifier", ["XE", "XS", "XP", "XU"])
def test_an_x_modifier_is_allowed(ask: Asked, modifier: str) -> None:
    assert ask.ids(f"37244:{modifier}") == set()


@pytest.mark.parametrize("modifier", ["62", "66", "80", "81", "82", "AS"])
def test_no_second_surgeon_is_paid(ask: Asked, modifier: str) -> None:
    assert ask.refused(f"37244:{modifier}") == set()
    assert list(ask.medicare(f"37244:{modifier}").values()) == ["not-payable"]


@pytest.mark.parametrize("modifier", ["76", "77"])
def test_a_repeat_is_allowed_and_counts_for_the_limit_of_the_day(ask: Asked, modifier: str) -> None:
    assert allowed(ask, modifier)
    assert "the day count both" in ask.finding("mpfs-repeated-procedure", f"37244:{modifier}").text


@pytest.mark.parametrize("modifier", ["LT", "RT"])
def test_a_side_is_allowed_and_informs(ask: Asked, modifier: str) -> None:
    assert ask.ids(f"37244:{modifier}") == set()


def test_gc_is_allowed(ask: Asked) -> None:
    assert ask.ids("37244:GC") == set()


def test_ge_is_for_visits(ask: Asked) -> None:
    assert ask.refused("37244:GE") == set()
    assert ask.medicare("37244:GE") == {"mpfs-ge-visits-only": "invalid"}
    assert "mpfs-ge-visits-only" not in ask.ids("99213:GE")


def test_ga_is_allowed(ask: Asked) -> None:
    assert ask.ids("37244:GA") == set()


def test_gx_is_for_what_is_never_covered(ask: Asked) -> None:
    assert ask.medicare("37244:GX") == {"liability-gx-noncovered": "information"}


def test_gy_contradicts_the_coverage_of_bleeding(ask: Asked) -> None:
    assert ask.medicare("37244:GY") == {
        "embolization-gy-ncd": "information",
        "liability-gy-denied": "information",
    }
    assert "embolization-gy-ncd" not in ask.medicare("37242:GY")


def test_gy_is_denied_by_design(ask: Asked) -> None:
    assert "denies the line" in ask.finding("liability-gy-denied", "37244:GY").text


def test_gz_is_denied_by_design_since_july_2011(ask: Asked) -> None:
    assert ask.medicare("37244:GZ") == {"liability-gz-denied": "information"}
    assert "liability-gz-denied" not in ask.medicare("37244:GZ", day="2011-06-30")


def test_kx_is_not_refused(ask: Asked) -> None:
    assert ask.ids("37244:KX") == set()


@pytest.mark.parametrize("modifier", ["Q5", "Q6"])
def test_a_substitute_is_allowed(ask: Asked, modifier: str) -> None:
    assert ask.medicare(f"37244:{modifier}") == {"locum-substitute": "information"}
    assert "60 days" in ask.finding("locum-substitute", f"37244:{modifier}").text


@pytest.mark.parametrize("modifier", ["Q0", "Q1"])
def test_a_study_is_allowed(ask: Asked, modifier: str) -> None:
    assert ask.ids(f"37244:{modifier}") == set()


@pytest.mark.parametrize("modifier", ["CR", "PD", "GV", "GW", "AQ", "PO", "PN", "SG"])
def test_a_modifier_of_context_is_allowed(ask: Asked, modifier: str) -> None:
    assert ask.ids(f"37244:{modifier}") == set()


@pytest.mark.parametrize("modifier", ["24", "25", "27", "57"])
def test_a_modifier_for_visits_is_not_for_37244(ask: Asked, modifier: str) -> None:
    assert "cpt-visit-modifier" in ask.ids(f"37244:{modifier}")


def test_57_marks_no_visit_beside_37244(ask: Asked) -> None:
    found = ask.medicare("99213:57", "37244", day=DAY)
    assert found["mpfs-57-minor-procedure"] == "not-payable"


def test_57_marks_a_visit_where_a_major_operation_is_beside(ask: Asked) -> None:
    major = {"medicare-fee-schedule": {"19303": {"global_days": "090"}}}
    lines = ("99213:57", "37244", "19303")
    assert "mpfs-57-minor-procedure" not in ask.medicare(*lines, rows=major)


def test_a_visit_on_the_day_of_37244_wants_a_modifier(ask: Asked) -> None:
    found = ask.medicare("99213", "37244")
    assert found == {"mpfs-visit-on-procedure-day": "needs-documentation"}
    assert "mpfs-visit-on-procedure-day" not in ask.medicare("99213:25", "37244")


def test_63_is_in_range_with_37244(ask: Asked) -> None:
    assert ask.ids("37244:63") == set()


@pytest.mark.parametrize("modifier", ["90", "91", "92"])
def test_a_laboratory_modifier_is_not_for_37244(ask: Asked, modifier: str) -> None:
    assert any(rule.startswith("cpt-") for rule in ask.ids(f"37244:{modifier}"))


def test_95_is_not_for_37244_which_is_not_in_appendix_p(ask: Asked) -> None:
    assert ask.refused("37244:95") == {"cpt-95-not-telemedicine"}


def test_93_is_not_for_37244_which_is_not_for_telemedicine(ask: Asked) -> None:
    assert ask.refused("37244:93") == {"cpt-93-not-telemedicine"}


def test_93_is_not_checked_of_a_code_for_telemedicine_without_appendix_t(ask: Asked) -> None:
    stated = {"99213": {"telemedicine": "true"}}
    report = ask("99213:93", scopes=frozenset({"cpt"}), properties=stated)
    assert report.findings == ()
    (left,) = report.not_checked
    assert "'appendix-t' is not loaded" in left.reason


@pytest.mark.parametrize(("listed", "refused"), [("true", set()), ("false", {"cpt-93-audio-only"})])
def test_appendix_t_decides_93_where_it_is_loaded(
    ask: Asked, listed: str, refused: set[str]
) -> None:
    stated = {"99213": {"appendix-t": listed, "telemedicine": "true"}}
    assert ask.refused("99213:93", properties=stated) == refused


def test_93_is_no_modifier_before_2022(ask: Asked) -> None:
    assert ask.refused("37244:93", day="2021-12-31") == {"cpt-93-not-yet"}
    assert ask.refused("37244:93", day="2022-01-01") == {"cpt-93-not-telemedicine"}


@pytest.mark.parametrize("modifier", ["XE", "XP", "XS", "XU"])
def test_an_x_modifier_is_none_of_medicares_before_2015(ask: Asked, modifier: str) -> None:
    text = f"37244:{modifier}"
    assert "x-modifiers-not-yet" in ask.ids(text, day="2014-12-31")
    assert "x-modifiers-not-yet" not in ask.ids(text, day="2015-01-01")


def test_the_codes_that_63_is_not_for_were_not_checked(ask: Asked) -> None:
    (left,) = ask("37244:63", scopes=frozenset({"cpt"})).not_checked
    assert "'appendix-f' is not loaded" in left.reason


@pytest.mark.parametrize("modifier", ["P1", "P2", "P3", "P4", "P5", "P6"])
def test_a_physical_status_is_not_for_37244(ask: Asked, modifier: str) -> None:
    assert ask.refused(f"37244:{modifier}") == {"cpt-physical-status"}


@pytest.mark.parametrize("modifier", ["1P", "2P", "3P", "8P"])
def test_a_performance_modifier_is_not_for_37244(ask: Asked, modifier: str) -> None:
    assert ask.refused(f"37244:{modifier}") == {"cpt-category-2-modifier"}


@pytest.mark.parametrize("modifier", ["47", "99"])
def test_what_depends_on_the_payer_is_not_judged(ask: Asked, modifier: str) -> None:
    assert ask.ids(f"37244:{modifier}") == set()


def test_one_embolization_code_is_reported_for_a_surgical_field(ask: Asked) -> None:
    lines = ("37244", "37241:59", "37242")
    found = [f for f in ask(*lines).findings if f.rule.id == "embolization-one-per-field"]
    assert [(one.line, one.other, one.rule.severity) for one in found] == [
        (0, 2, "warning"),
        (2, 0, "warning"),
    ]
    assert "embolization-one-per-field" not in ask.ids("37244", "37243:59")


def test_imaging_is_part_of_an_embolization(ask: Asked) -> None:
    assert "embolization-imaging-included" in ask.ids("37244", "75898")
    assert "embolization-imaging-included" not in ask.ids("37244", "75726")
