"""Which modifiers exclude each other on one line: facts, each by its own name."""

from itertools import permutations

from tests.terminology.rules.shipped import Asked


def test_52_and_53_exclude_each_other(ask: Asked) -> None:
    assert ask.refused("37244:52:53") == {"cpt-52-with-53"}
    assert "52 and 53" in ask.finding("cpt-52-with-53", "37244:53:52").text


def test_52_73_and_74_exclude_each_other(ask: Asked) -> None:
    for one, other in permutations(("52", "73", "74"), 2):
        rule = "cpt-52-with-73-74" if "52" in (one, other) else "cpt-73-with-74"
        assert ask.refused(f"37244:{one}:{other}") == {rule}


def test_53_is_a_physician_s_and_73_and_74_a_facility_s(ask: Asked) -> None:
    for text in ("37244:53:73", "37244:74:53"):
        assert ask.refused(text) == {"cpt-53-with-73-74"}


def test_76_and_77_exclude_each_other(ask: Asked) -> None:
    assert ask.refused("37244:76:77") == {"cpt-76-with-77"}


def test_93_and_95_exclude_each_other(ask: Asked) -> None:
    assert ask.refused("99213:93:95") == {"cpt-93-with-95"}


def test_the_sets_are_told_apart_from_each_other(ask: Asked) -> None:
    assert ask.refused("37244:52:53:76:77") == {"cpt-52-with-53", "cpt-76-with-77"}


def test_26_with_tc_is_the_whole_service(ask: Asked) -> None:
    assert ask.refused("37244:26:TC") == set()
    assert ask.medicare("37244:26:TC")["mpfs-26-with-tc"] == "invalid"


def test_59_with_an_x_modifier_is_cpt_but_a_conflict_by_three_payers(ask: Asked) -> None:
    for modifier in ("XE", "XP", "XS", "XU"):
        text = f"37244:{modifier}:59"
        assert ask.refused(text) == set()
        found = ask.finding("payer-59-with-x", text)
        assert found.rule.scope == "payer-policy"
        names = [payer.name for payer in found.rule.payers]
        assert names == ["HMSA", "Moda Health", "Independence Blue Cross"]


def test_59_with_an_x_modifier_is_no_rule_of_medicare_s(ask: Asked) -> None:
    assert ask.medicare("37244:XS:59") == {}
    assert "payer-59-with-x" not in ask.ids("37244:XS:59", payer="medicare")


def test_59_with_an_x_modifier_is_applied_to_a_payer_that_publishes_it(ask: Asked) -> None:
    assert "payer-59-with-x" in ask.ids("37244:XS:59", payer="hmsa")
    assert "payer-59-with-x" not in ask.ids("37244:XS:59", payer="aetna")


def test_one_x_modifier_or_59_alone_is_no_conflict(ask: Asked) -> None:
    for modifier in ("59", "XS", "XE:XS"):
        assert "payer-59-with-x" not in ask.ids(f"37244:{modifier}")


def test_one_of_80_81_82_and_as_stands_on_a_line(ask: Asked) -> None:
    for one, other in permutations(("80", "81", "82", "AS"), 2):
        found = ask.medicare(f"37242:{one}:{other}")
        assert found["mpfs-one-assistant"] == "invalid"
    assert "mpfs-one-assistant" not in ask.medicare("37242:80")


def test_50_stands_instead_of_lt_or_rt(ask: Asked) -> None:
    for text in ("37244:50:LT", "37244:RT:50", "37244:50:LT:RT"):
        assert ask.refused(text) == set()
        assert ask.medicare(text)["mpfs-50-with-side"] == "invalid"
    assert "mpfs-50-with-side" not in ask.medicare("37244:50")
    assert "mpfs-50-with-side" not in ask.medicare("37244:LT:RT")


def test_gx_is_returned_with_ey_ga_gl_and_gz(ask: Asked) -> None:
    for modifier in ("EY", "GA", "GL", "GZ"):
        for text in (f"37244:GX:{modifier}", f"37244:{modifier}:GX"):
            assert ask.medicare(text)["liability-gx-conflict"] == "invalid"


def test_gx_may_stand_with_gy_or_ts(ask: Asked) -> None:
    for modifier in ("GY", "TS"):
        assert "liability-gx-conflict" not in ask.medicare(f"37244:GX:{modifier}")


def test_gx_says_nothing_before_it_was_made(ask: Asked) -> None:
    assert "liability-gx-conflict" not in ask.medicare("37244:GX:GA", day="2010-03-31")
    assert "liability-gx-conflict" in ask.medicare("37244:GX:GA", day="2010-04-01")


def test_gz_excludes_ga(ask: Asked) -> None:
    assert ask.medicare("37244:GA:GZ")["liability-ga-with-gz"] == "invalid"
    assert "liability-ga-with-gz" not in ask.medicare("37244:GA")


def test_gz_excludes_gy(ask: Asked) -> None:
    assert ask.medicare("37244:GZ:GY")["liability-gy-with-gz"] == "invalid"


def test_q5_and_q6_are_two_arrangements_and_only_informs(ask: Asked) -> None:
    assert ask.medicare("37244:Q5:Q6")["locum-two-arrangements"] == "information"
    assert "locum-two-arrangements" not in ask.medicare("37244:Q5")
