"""The facts about CPT 37244 and its family, each under its own name."""

from decimal import Decimal
from typing import Any

import pytest

from terminology import content

Json = dict[str, Any]
CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
FAMILY = ["37241", "37242", "37243", "37244"]
HOSPITAL_MODIFIERS = "25 27 50 52 58 59 73 74 76 77 78 79 91"
NOT_WITH_37244 = "1P 2P 3P 8P P1 P2 P3 P4 P5 P6 92 93 95"
INDICATORS = ("pctc", "global_days", "mult", "bilat", "asst", "co_surg", "team")


def fees(release: str) -> dict[str, dict[str, str]]:
    rows = content.table("medicare-fee-schedule")
    return {row["code"]: row for row in rows if row["release"] == release}


def effective_of(table: str, release: str) -> str:
    (found,) = {
        head["effective"]
        for head in content.releases()
        if (head["table"], head["release"]) == (table, release)
    }
    return found


def kinds(concept: Json) -> set[str]:
    return {p["valueCode"] for p in concept["property"] if p["code"] == "kind"}


def value(concept: Json, code: str) -> Any:
    (found,) = [
        v for p in concept["property"] if p["code"] == code for k, v in p.items() if k != "code"
    ]
    return found


def test_37244_has_pctc_indicator_0_in_2025_october() -> None:
    assert fees("2025D")["37244"]["pctc"] == "0"


def test_37244_is_active_in_every_release_with_the_same_indicators() -> None:
    rows = [r for r in content.table("medicare-fee-schedule") if r["code"] == "37244"]
    assert {r["status"] for r in rows} == {"A"}
    assert {tuple(r[i] for i in INDICATORS) for r in rows} == {
        ("0", "000", "2", "0", "1", "0", "0")
    }


def test_37242_alone_of_the_family_may_have_a_paid_assistant_in_2025_october() -> None:
    assert {c: r["asst"] for c, r in fees("2025D").items()} == {
        "37241": "1",
        "37242": "0",
        "37243": "1",
        "37244": "1",
    }


def test_no_row_has_a_modifier() -> None:
    # CMS prints rows for 26, TC and 53 where they apply; for this family it prints none.
    assert {r["modifier"] for r in content.table("medicare-fee-schedule")} == {""}


@pytest.mark.parametrize(
    ("release", "effective", "figures"),
    [
        ("2020A", "2020-01-01", "13.75 185.77 4.30 1.25 200.77 19.30 36.0896"),
        ("2021A", "2021-01-01", "13.75 198.34 4.14 1.26 213.35 19.15 34.8931"),
        ("2022A", "2022-01-01", "13.75 190.53 4.05 1.33 205.61 19.13 34.6062"),
        ("2023A", "2023-01-01", "13.75 184.06 4.07 1.45 199.26 19.27 33.8872"),
        ("2024A", "2024-01-01", "13.75 176.70 3.92 1.50 191.95 19.17 32.7442"),
        ("2024B", "2024-04-01", "13.75 176.70 3.92 1.50 191.95 19.17 33.2875"),
        ("2025D", "2025-10-01", "13.75 170.05 4.07 1.47 185.27 19.29 32.3465"),
    ],
)
def test_the_relative_values_of_37244(release: str, effective: str, figures: str) -> None:
    row = fees(release)["37244"]
    columns = (
        "work_rvu non_facility_pe_rvu facility_pe_rvu mp_rvu"
        " non_facility_total facility_total conversion_factor"
    )
    assert effective_of("medicare-fee-schedule", release) == effective
    assert " ".join(row[c] for c in columns.split()) == figures


@pytest.mark.parametrize("place", ["non_facility", "facility"])
def test_totals_are_the_sum_of_their_parts(place: str) -> None:
    for row in content.table("medicare-fee-schedule"):
        parts = ("work_rvu", f"{place}_pe_rvu", "mp_rvu")
        assert sum(Decimal(row[p]) for p in parts) == Decimal(row[f"{place}_total"]), row


def test_no_third_party_row_of_2026_ships() -> None:
    heads = [r for r in content.releases() if r["table"] == "medicare-fee-schedule"]
    assert max(head["effective"] for head in heads) == "2025-10-01"


def test_the_family_has_a_row_each_in_2025_october() -> None:
    assert sorted(fees("2025D")) == FAMILY


def test_units_are_limited_to_2_and_to_1_for_37243_with_mai_3() -> None:
    limits: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in content.table("medicare-mue"):
        key = (row["release"], effective_of("medicare-mue", row["release"]), row["setting"])
        limits.setdefault(key, {})[row["code"]] = row["mue"]
        assert row["mai"] == "3"
    family = {"37241": "2", "37242": "2", "37243": "1", "37244": "2"}
    assert limits == {
        ("2024Q3", "2024-07-01", "practitioner"): family,
        ("2024Q3", "2024-07-01", "outpatient-hospital"): family,
        ("2026Q3", "2026-07-01", "practitioner"): family,
    }


def test_the_cpt_fragment_holds_the_family_and_its_modifiers(
    codes: dict[str, dict[str, Json]],
) -> None:
    modifiers = (
        "22 24 25 26 27 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82"
        " 90 91 92 93 95 99 P1 P2 P3 P4 P5 P6 1P 2P 3P 8P LT RT XE XP XS XU"
    )
    assert set(codes[CPT]) == {*FAMILY, *modifiers.split()}


def test_the_other_modifiers_are_level_ii_and_in_one_system_only(
    codes: dict[str, dict[str, Json]],
) -> None:
    others = "AQ AS CR GA GC GE GV GW GX GY GZ KX PD PN PO Q0 Q1 Q5 Q6 SG TC"
    assert set(codes[HCPCS]) == set(others.split())
    assert not set(codes[HCPCS]) & set(codes[CPT])


def test_a_cpt_code_of_two_characters_is_a_modifier_and_no_listed_code_is_modified(
    codes: dict[str, dict[str, Json]],
) -> None:
    for code, concept in codes[CPT].items():
        assert value(concept, "modifier") is (len(code) == 2)
        assert value(concept, "modified") is False


def test_the_kinds_of_cpt_codes(codes: dict[str, dict[str, Json]]) -> None:
    by_kind: dict[str, set[str]] = {}
    for code, concept in codes[CPT].items():
        assert kinds(concept)
        for kind in kinds(concept):
            by_kind.setdefault(kind, set()).add(code)
    general = by_kind.pop("general")
    assert by_kind == {
        "code": set(FAMILY),
        "cat-1": set(HOSPITAL_MODIFIERS.split()),
        "cat-2": {"1P", "2P", "3P", "8P"},
        "physical-status": {"P1", "P2", "P3", "P4", "P5", "P6"},
        "hcpcs": {"LT", "RT", "XE", "XP", "XS", "XU"},
    }
    assert by_kind["cat-1"] - general == {"27", "73", "74"}


def test_telemedicine_is_false_for_procedures_and_left_out_elsewhere(
    codes: dict[str, dict[str, Json]],
) -> None:
    stated = {
        code: p["valueBoolean"]
        for code, concept in codes[CPT].items()
        for p in concept["property"]
        if p["code"] == "telemedicine"
    }
    assert stated == dict.fromkeys(FAMILY, False)


def test_26_and_50_are_among_the_modifiers_that_grammar_allows(
    shipped: dict[str, Json],
) -> None:
    cpt, hcpcs = shipped["ValueSet/modifiers-37244"]["compose"]["include"]
    assert {"26", "50", "59", "LT"} <= {c["code"] for c in cpt["concept"]}
    assert len(hcpcs["concept"]) == 21


def test_modifiers_of_other_kinds_of_codes_are_not_allowed(
    shipped: dict[str, Json], codes: dict[str, dict[str, Json]]
) -> None:
    cpt = shipped["ValueSet/modifiers-37244"]["compose"]["include"][0]
    missing = set(codes[CPT]) - set(FAMILY) - {c["code"] for c in cpt["concept"]}
    assert missing == set(NOT_WITH_37244.split())


@pytest.mark.parametrize(
    "base", ["http://hl7.org/fhir/ValueSet", "http://terminology.hl7.org/ValueSet"]
)
def test_hl7s_four_value_sets_ship_under_both_urls(base: str, shipped: dict[str, Json]) -> None:
    def conditions(include: Json) -> Json:
        return {f["property"]: f["value"] for f in include.get("filter", [])}

    found = {
        r["url"].rpartition("/")[2]: [conditions(i) for i in r["compose"]["include"]]
        for r in shipped.values()
        if r.get("url", "").startswith(f"{base}/cpt-")
    }
    bare = {"modified": "false", "modifier": "false"}
    assert found == {
        "cpt-all": [{}],
        "cpt-base": [bare],
        "cpt-modifiers": [{"modifier": "true"}],
        "cpt-usable": [bare, {"modified": "true"}],
    }


def test_the_note_on_26_is_kept_beside_the_rule_that_contradicts_it(
    shipped: dict[str, Json],
) -> None:
    (concept,) = shipped["CodeSystem/cpt-37244-notes"]["concept"]
    said = {
        p["code"]: p["extension"][0]["valueReference"]["reference"]
        for p in concept["property"]
        if p.get("valueString", "").startswith("26:")
    }
    assert said == {
        "modifier-note": "DocumentReference/cpt-37244-overview",
        "modifier-check": "DocumentReference/cms-pprrvu-2025-oct",
    }


def test_the_report_asks_for_seven_elements_and_requires_each(
    shipped: dict[str, Json], codes: dict[str, dict[str, Json]]
) -> None:
    items = shipped["Questionnaire/report-37244"]["item"]
    assert all(item["required"] for item in items)
    asked = [item["code"][0]["code"] for item in items]
    assert asked == list(codes["https://proterm.example/fhir/CodeSystem/documentation-elements"])
    assert len(asked) == 7


def test_link_ids_of_the_report_are_unique(shipped: dict[str, Json]) -> None:
    items = shipped["Questionnaire/report-37244"]["item"]
    ids = [i["linkId"] for item in items for i in (item, *item.get("item", []))]
    assert len(ids) == len(set(ids))


def test_the_notes_cover_what_the_service_promises(shipped: dict[str, Json]) -> None:
    (concept,) = shipped["CodeSystem/cpt-37244-notes"]["concept"]
    counts: dict[str, int] = {}
    for prop in concept["property"]:
        counts[prop["code"]] = counts.get(prop["code"], 0) + 1
    assert counts == {
        "service-type": 1,
        "site-of-service": 5,
        "clinical-indication": 6,
        "embolic-agent": 4,
        "access-and-imaging": 1,
        "anesthesia": 1,
        "patient-context": 1,
        "documentation-element": 7,
        "modifier-note": 2,
        "modifier-check": 2,
        "taxonomy": 1,
        "icd-10-pairing": 1,
    }


def test_the_five_payers_have_a_note_on_37244(shipped: dict[str, Json]) -> None:
    noted = {
        r["name"]
        for r in shipped.values()
        if r["resourceType"] == "InsurancePlan"
        for coding in r["coverage"][0]["benefit"][0]["type"]["coding"]
        if (coding["system"], coding["code"]) == (CPT, "37244")
    }
    assert noted == {
        "Aetna",
        "Blue Cross Blue Shield",
        "Cigna Health",
        "Medicare",
        "UnitedHealthcare",
    }


def test_medicare_s_note_alone_has_words_and_it_cites_them(shipped: dict[str, Json]) -> None:
    plans = [r for r in shipped.values() if r["resourceType"] == "InsurancePlan"]
    stated = [p["id"] for p in plans if "requirement" in p["coverage"][0]["benefit"][0]]
    assert stated == ["medicare"]
    benefit = shipped["InsurancePlan/medicare"]["coverage"][0]["benefit"][0]
    assert "hemorrhage" in benefit["requirement"]
    (source,) = benefit["_requirement"]["extension"]
    assert source["valueReference"]["reference"] == "DocumentReference/cms-ncd-20-28"
