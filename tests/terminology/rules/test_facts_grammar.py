"""HL7's page on CPT, and what its best-known server gets wrong: facts, each by its own name."""

import pytest

from tests.terminology.rules.shipped import Asked


def test_a_colon_joins_a_code_and_its_modifiers(ask: Asked) -> None:
    assert ask.refused("37244:59") == set()
    assert ask.refused("37244:59:RT") == set()


def test_a_hyphen_is_not_conformant_and_is_replaced_by_a_colon(ask: Asked) -> None:
    found = ask.finding("cpt-separator", "37244-59")
    assert (found.element, found.position) == ("code", 5)
    assert "37244:59" in found.text


def test_a_dot_is_not_conformant_and_is_replaced_by_a_colon(ask: Asked) -> None:
    assert "37244:59" in ask.finding("cpt-separator", "37244.59").text


def test_a_modifier_is_a_code_but_no_base(ask: Asked) -> None:
    assert ask.refused("25:95") == {"cpt-modifier-as-base"}


def test_a_procedure_code_is_no_modifier(ask: Asked) -> None:
    found = ask.finding("cpt-code-as-modifier", "37244:37243")
    assert found.position == 6
    assert ask.refused("37244:37243") == {"cpt-code-as-modifier"}


def test_modifiers_stand_in_any_order(ask: Asked) -> None:
    for one, other in (("59:RT", "RT:59"), ("52:53", "53:52"), ("26:59:80", "80:26:59")):
        assert ask.ids(f"37244:{one}") == ask.ids(f"37244:{other}")


def test_the_letters_of_a_code_are_capitals(ask: Asked) -> None:
    assert "37244:LT" in ask.finding("cpt-lower-case", "37244:lt").text


def test_each_fault_of_the_text_has_a_rule_of_its_own(ask: Asked) -> None:
    texts = {
        "37244-59": "cpt-separator",
        "3724459": "cpt-no-separator",
        "37244:": "cpt-trailing-separator",
        "37244:lt": "cpt-lower-case",
        ":59": "cpt-no-base",
        "25:95": "cpt-modifier-as-base",
        "37244:37243": "cpt-code-as-modifier",
        "3724:59": "cpt-bad-base",
        "37244:5": "cpt-bad-modifier",
    }
    for text, rule in texts.items():
        assert ask.ids(text) == {rule}


def test_a_category_2_modifier_is_for_category_2_codes(ask: Asked) -> None:
    assert ask.refused("37244:1P") == {"cpt-category-2-modifier"}
    assert ask.refused("3044F:1P") == set()


def test_a_physical_status_modifier_is_for_anesthesia_codes(ask: Asked) -> None:
    assert ask.refused("37244:P1") == {"cpt-physical-status"}
    assert ask.refused("00100:P1") == ask.refused("01999:P1") == set()


def test_telemedicine_tells_whether_a_code_may_have_95(ask: Asked) -> None:
    assert ask.refused("37244:95") == {"cpt-95-not-telemedicine"}


def test_where_telemedicine_is_not_stated_95_is_not_checked(ask: Asked) -> None:
    report = ask("99213:95", scopes=frozenset({"cpt"}))
    assert report.findings == ()
    (missing,) = report.not_checked
    assert (missing.scope, missing.line) == ("cpt", 0)


def test_93_is_for_the_codes_of_appendix_t(ask: Asked) -> None:
    stated = {"37244": {"appendix-t": "false"}}
    found = ask.finding("cpt-93-audio-only", "37244:93", properties=stated)
    assert "Appendix T" in found.text


def test_the_character_that_stands_for_a_colon_is_named(ask: Asked) -> None:
    found = ask.finding("cpt-separator", "37244\uff1a59")
    assert "'\uff1a' stands at position 6, where a colon (:) belongs" in found.text


def test_a_message_on_73_and_74_speaks_of_no_52(ask: Asked) -> None:
    assert "52" not in ask.finding("cpt-73-with-74", "37244:73:74").text


def test_a_level_ii_modifier_needs_no_59(ask: Asked) -> None:
    for modifier in ("LT", "RT", "XS", "TC", "GC", "Q5"):
        assert ask.refused(f"37244:{modifier}") == set()


def test_p1_on_a_visit_is_refused(ask: Asked) -> None:
    assert ask.refused("99202:P1") == {"cpt-physical-status"}


def test_a_duplicate_is_refused_in_or_out_of_a_set(ask: Asked) -> None:
    for text in ("37244:22:22", "37244:59:59", "37244:LT:59:LT"):
        assert "cpt-duplicate-modifier" in ask.refused(text)
    assert ask.finding("cpt-duplicate-modifier", "37244:22:22").position == 9


def test_many_modifiers_are_said_but_not_refused(ask: Asked) -> None:
    text = "37244:22:52:59:LT:GC"
    assert ask.refused(text) == set()
    found = ask.finding("cpt-more-than-four-modifiers", text)
    assert found.rule.severity == "warning"
    assert "cpt-more-than-four-modifiers" not in ask.ids("37244:22:52:59:LT")


def test_63_goes_with_surgery_and_some_codes_of_medicine(ask: Asked) -> None:
    for code in ("20100", "37244", "69990", "92920", "93314", "93574", "93616"):
        assert ask.refused(f"{code}:63") == set()
    for code in ("20099", "99213", "75726", "80053", "00100", "0075T"):
        assert ask.refused(f"{code}:63") == {"cpt-63-infants"}


def test_which_codes_of_medicine_63_goes_with_is_known_of_the_peer_alone_and_only_warns(
    ask: Asked,
) -> None:
    for code in ("92921", "93319", "90832"):
        assert ask.refused(f"{code}:63") == set()
        assert "cpt-63-medicine" in ask.ids(f"{code}:63")
    assert "cpt-63-medicine" not in ask.ids("92920:63")


def test_92_goes_with_four_hiv_tests(ask: Asked) -> None:
    for code in ("86701", "86702", "86703", "87389"):
        assert ask.refused(f"{code}:92") == set()
    for code in ("86700", "86704", "87390", "37244"):
        assert ask.refused(f"{code}:92") == {"cpt-92-portable-kit"}


@pytest.mark.parametrize("modifier", ["24", "25", "27", "57"])
def test_a_modifier_for_visits_only_warns_on_a_procedure(ask: Asked, modifier: str) -> None:
    assert ask.refused(f"37244:{modifier}") == set()
    assert ask.finding("cpt-visit-modifier", f"37244:{modifier}").rule.severity == "warning"
    assert "cpt-visit-modifier" not in ask.ids(f"99213:{modifier}")


@pytest.mark.parametrize("modifier", ["90", "91"])
def test_a_laboratory_modifier_only_warns_on_a_procedure(ask: Asked, modifier: str) -> None:
    assert ask.refused(f"37244:{modifier}") == set()
    found = ask.finding(f"cpt-{modifier}-laboratory", f"37244:{modifier}")
    assert found.rule.severity == "warning"
    assert found.rule.sources[0].title == f"Modifier {modifier}"
    assert f"cpt-{modifier}-laboratory" not in ask.ids(f"80053:{modifier}")


def test_27_is_a_hospital_s(ask: Asked) -> None:
    assert ask.refused("99213:27") == set()
    assert "hospitals" in ask.finding("cpt-27-facility", "99213:27").text
    assert "cpt-27-facility" not in ask.ids("99213:27", setting="outpatient-hospital")


@pytest.mark.parametrize("modifier", ["73", "74"])
def test_a_facility_modifier_alone_only_warns(ask: Asked, modifier: str) -> None:
    assert ask.refused(f"37244:{modifier}") == set()
    assert "cpt-facility-modifier" in ask.ids(f"37244:{modifier}")
    facility = ask.ids(f"37244:{modifier}", setting="outpatient-hospital")
    assert "cpt-facility-modifier" not in facility


def test_no_set_is_taken_from_the_server_that_cpt_does_not_define(ask: Asked) -> None:
    for text in ("37244:57:59", "37244:25:59", "37244:76:78", "37244:78:79", "37244:77:79"):
        assert ask.refused(text) == set()
