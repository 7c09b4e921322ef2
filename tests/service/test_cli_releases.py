"""The commands on releases: what is active, what was, what is out for good, what changed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.loading import APRIL, HCPCS, Shop, both_stores
from tests.terminology.store.conftest import unprivileged  # noqa: F401


@both_stores
class TestRefused:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ("activate hcpcs-2025-01", "There is no release 'hcpcs-2025-01'. There are: hcpcs-20"),
            ("deactivate x", "There is no release 'x'"),
            ("drop x", "There is no release 'x'"),
            ("diff hcpcs-2026-01 x", "There is no release 'x'"),
            ("diff x hcpcs-2026-01", "There is no release 'x'"),
            ("rollback --to 99", "There is no activation 99"),
            ("rollback --to -1", "-1 is not in the range x>=0"),
            ("diff hcpcs-2026-01", "Missing argument 'RELEASE'"),
            ("activate", "Missing argument 'RELEASE...'"),
        ],
    )
    def test_it_ends_in_a_sentence_and_nothing_is_changed(
        self, loaded: Shop, arguments: str, sentence: str
    ) -> None:
        result = loaded.run(*arguments.split())
        assert result.exit_code == 2
        assert sentence in result.stderr
        assert result.stdout == ""
        assert loaded.active() == ["hcpcs-2026-01", "hcpcs-2026-04"]

    @pytest.mark.parametrize("command", ["activate x", "deactivate x", "drop x", "diff x y"])
    def test_where_nothing_was_loaded_it_says_so(self, shop: Shop, command: str) -> None:
        result = shop.run(*command.split())
        assert result.exit_code == 2
        assert "There are: none; `proterm load` makes them." in result.stderr

    def test_there_is_nothing_to_go_back_to(self, shop: Shop) -> None:
        result = shop.run("rollback")
        assert result.exit_code == 2
        assert "Nothing was activated yet" in result.stderr

    def test_two_loads_of_the_same_are_not_active_together(self, loaded: Shop) -> None:
        loaded.done("load", "hcpcs", str(loaded.hcpcs({**APRIL, "A0006": "A sixth"}, "APR")))
        result = loaded.run("activate", "hcpcs-2026-04", "hcpcs-2026-04.2")
        assert result.exit_code == 2
        assert "one of them is active at a time. Name one." in result.stderr

    def test_a_machine_gets_an_operation_outcome(self, loaded: Shop) -> None:
        result = loaded.run("activate", "x", "--json")
        assert result.exit_code == 2
        assert json.loads(result.stdout)["issue"][0]["code"] == "not-found"

    def test_of_many_releases_the_nearest_are_named(self, loaded: Shop) -> None:
        for month in ("JUL", "OCT"):
            for number in range(5):
                codes = {"A0001": f"A lantern {number}"}
                loaded.done("load", "hcpcs", str(loaded.hcpcs(codes, month)))
        result = loaded.run("activate", "hcpcs-2026-1")
        assert "Did you mean hcpcs-2026-10 or hcpcs-2026-" in result.stderr
        assert "There are 12: `proterm releases` lists them." in result.stderr
        other = loaded.run("drop", "x")
        assert other.stderr.endswith(
            "There is no release 'x'. There are 12: `proterm releases` lists them.\n"
        )


@both_stores
class TestReleases:
    def test_nothing_was_loaded(self, shop: Shop) -> None:
        assert shop.done("releases").startswith("Nothing was loaded yet: what ships is all")
        assert shop.json("releases") == []
        assert all(one["active"] == [] for one in shop.json("releases", "--history"))

    def test_they_are_listed_in_the_order_of_loading(self, loaded: Shop) -> None:
        loaded.done("deactivate", "hcpcs-2026-01")
        first, second = loaded.done("releases").splitlines()
        cells = "hcpcs-2026-01  HCPCS Level II 2026-01  from 2026-01-01  loaded 20"
        assert first.startswith(f"          {cells}")
        assert second.startswith("  active  hcpcs-2026-04  HCPCS Level II 2026-04  from 2026-04-01")

    def test_json_has_the_files_and_who_loaded_them(self, loaded: Shop) -> None:
        first, second = loaded.json("releases")
        assert (first["kind"], first["version"], first["active"]) == ("hcpcs", "2026-01", True)
        assert first["files"][0]["name"] == "HCPC2026_JAN_ANWEB.csv"
        assert "@" in first["loadedBy"]
        assert second["comparedWith"] == "hcpcs-2026-01"
        counts = {"added": 2, "ended": 1, "reworded": 1}
        assert second["changes"] == [{"what": HCPCS, "counts": counts}]

    def test_history(self, loaded: Shop) -> None:
        loaded.done("rollback")
        lines = loaded.done("releases", "--history").splitlines()
        numbers = [int(line.split()[0]) for line in lines[::2]]
        assert numbers == sorted(numbers, reverse=True)
        assert lines[0].endswith(f"  rollback to {numbers[2]}")
        assert lines[1] == "   active: hcpcs-2026-01"
        assert lines[2].endswith("  load hcpcs-2026-04")
        assert lines[3] == "   active: hcpcs-2026-01, hcpcs-2026-04"

    def test_history_as_json_counts_what_was_dropped(self, loaded: Shop) -> None:
        loaded.done("drop", "hcpcs-2026-04")
        last, before, *_ = loaded.json("releases", "--history")
        assert (last["why"], last["active"], last["dropped"]) == (
            "deactivate hcpcs-2026-04",
            ["hcpcs-2026-01"],
            0,
        )
        assert (before["active"], before["dropped"]) == (["hcpcs-2026-01"], 1)
        text = loaded.done("releases", "--history")
        assert "   active: hcpcs-2026-01, 1 that was dropped\n" in text


@both_stores
class TestChanging:
    def test_deactivate_and_activate(self, loaded: Shop) -> None:
        names = ("hcpcs-2026-01", "hcpcs-2026-04")
        text = "".join(f"{name} is not active any more.\n" for name in names)
        assert loaded.done("deactivate", *names) == text
        assert loaded.active() == []
        assert loaded.done("activate", *names) == "".join(f"{n} is active.\n" for n in names)
        assert loaded.active() == [*names]

    def test_what_is_so_already_changes_nothing(self, loaded: Shop) -> None:
        said = "Nothing changed: it is so already.\n"
        before = loaded.json("releases", "--history")
        assert loaded.done("activate", "hcpcs-2026-01") == said
        loaded.done("deactivate", "hcpcs-2026-01")
        assert loaded.done("deactivate", "hcpcs-2026-01") == said
        assert len(loaded.json("releases", "--history")) == len(before) + 1

    def test_another_load_of_the_same_gives_its_place(self, loaded: Shop) -> None:
        loaded.done("load", "hcpcs", str(loaded.hcpcs({**APRIL, "A0006": "A sixth"}, "APR")))
        assert loaded.active() == ["hcpcs-2026-01", "hcpcs-2026-04.2"]
        changed = loaded.json("activate", "hcpcs-2026-04")
        assert changed["activated"] == ["hcpcs-2026-04"]
        assert changed["deactivated"] == ["hcpcs-2026-04.2"]

    def test_rollback_goes_back_and_a_second_one_forth(self, loaded: Shop) -> None:
        undone = "Another `proterm rollback` undoes this.\n"
        assert loaded.done("rollback") == f"hcpcs-2026-04 is not active any more.\n{undone}"
        assert loaded.done("rollback") == f"hcpcs-2026-04 is active.\n{undone}"

    def test_a_rollback_that_changes_nothing_is_not_undone(self, loaded: Shop) -> None:
        (last, *_) = loaded.json("releases", "--history")
        said = loaded.done("rollback", "--to", str(last["activation"]))
        assert said == "Nothing changed: it is so already.\n"

    def test_rollback_to_a_number(self, loaded: Shop) -> None:
        loaded.done("deactivate", "hcpcs-2026-01")
        last, _, first, *_ = loaded.json("releases", "--history")
        assert loaded.json("rollback", "--to", str(first["activation"])) == {
            "activation": last["activation"] + 1,
            "activated": ["hcpcs-2026-01"],
            "deactivated": ["hcpcs-2026-04"],
        }
        loaded.done("rollback", "--to", "0")
        assert loaded.active() == []


@both_stores
class TestDiff:
    def test_added_ended_reworded(self, loaded: Shop) -> None:
        assert loaded.done("diff", "hcpcs-2026-01", "hcpcs-2026-04").splitlines() == [
            f"{HCPCS}  2 added, 1 ended, 1 reworded",
            "  added     A0003  A hill",
            "  added     A0005  A ladder",
            "  ended     A0004  A moor",
            "  reworded  A0001  A lantern -> A lamp",
        ]

    def test_the_first_of_many(self, loaded: Shop) -> None:
        lines = loaded.done("diff", "hcpcs-2026-01", "hcpcs-2026-04", "--limit", "1").splitlines()
        assert lines[1:3] == ["  added     A0003  A hill", "  added     ...    and 1 more"]

    def test_json(self, loaded: Shop) -> None:
        (found,) = loaded.json("diff", "hcpcs-2026-01", "hcpcs-2026-04", "--limit", "1")
        assert found["what"] == HCPCS
        assert found["counts"] == {"added": 2, "ended": 1, "reworded": 1}
        change = {"kind": "reworded", "what": "A0001", "detail": "A lantern -> A lamp"}
        assert change in found["changes"]
        assert len(found["changes"]) == 3

    def test_nothing_changed(self, loaded: Shop) -> None:
        text = loaded.done("diff", "hcpcs-2026-01", "hcpcs-2026-01")
        assert text == f"{HCPCS}  nothing changed\n"


class TestFolder:
    def test_a_number_is_not_given_twice(self, loaded: Shop) -> None:
        loaded.done("drop", "hcpcs-2026-04")
        loaded.done("load", "hcpcs", str(loaded.hcpcs(APRIL, "JUL")))
        (first, *_) = loaded.json("releases", "--history")
        assert first["dropped"] == 0
        assert {path.name for path in (loaded.data / "releases").iterdir()} == {
            "000001.sqlite3",
            "000003.sqlite3",
        }

    def test_a_store_that_cannot_be_written(
        self,
        loaded: Shop,
        unprivileged: Callable[[Path], None],  # noqa: F811
    ) -> None:
        (loaded.data / "catalogue.sqlite3").chmod(0o444)
        unprivileged(loaded.data)
        for command in ("deactivate hcpcs-2026-01", "rollback", "drop hcpcs-2026-01"):
            result = loaded.run(*command.split())
            assert result.exit_code == 2
            assert "The store can't be written to" in result.stderr
        assert loaded.active() == ["hcpcs-2026-01", "hcpcs-2026-04"]


@pytest.mark.parametrize("name", ["activate", "deactivate", "rollback", "drop", "diff"])
def test_help_has_an_example_and_the_exit_status(shop: Shop, name: str) -> None:
    text = shop.done(name, "--help")
    assert f"$ proterm {name}" in text
    assert "Exit status: 0 " in text
