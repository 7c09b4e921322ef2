"""`proterm load`: what is refused and in which words, what is told, what is there afterwards."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import main
from terminology.importers.registry import KINDS
from tests.service.loading import CPT, HCPCS, Shop, both_stores
from tests.terminology.importers.generate import cpt, ncci
from tests.terminology.importers.generate.words import cpt_codes
from tests.terminology.store.conftest import unprivileged  # noqa: F401

CODES = {"A0001": "A lantern", "A0002": "A meadow"}


def release_of_cpt(folder: Path, year: int = 2026) -> Path:
    return cpt.written(folder / f"cpt-{year}", cpt.delivery(20, year))


class TestRefused:
    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("hcpc", "{file}"), "There is no kind 'hcpc'. Did you mean hcpcs? There are: cpt, "),
            (("hcpcs", "{file}.gone"), "There is no file or folder {file}.gone."),
            (("mpfs", "{file}"), "it looks like 'hcpcs'"),
            (("hcpcs", "{file}", "--effective", "soon"), "--effective is 'soon'; write a day"),
            (("hcpcs", "{file}", "--max-bad", "few"), "'few'; it must be a number such as 100"),
            (("hcpcs", "{file}", "--max-bad", "101%"), "'101%'; it must be a number such as"),
            (("hcpcs",), "Missing argument 'PATH'"),
        ],
    )
    def test_it_ends_in_a_sentence(
        self, shop: Shop, arguments: tuple[str, ...], sentence: str
    ) -> None:
        file = shop.hcpcs(CODES)
        result = shop.run("load", *(word.format(file=file) for word in arguments))
        assert result.exit_code == 2
        assert sentence.format(file=file) in result.stderr
        assert result.stdout == ""
        assert shop.json("releases") == []

    def test_a_machine_gets_an_operation_outcome(self, shop: Shop) -> None:
        result = shop.run("load", "mpfs", str(shop.hcpcs(CODES)), "--json")
        assert result.exit_code == 2
        assert json.loads(result.stdout)["issue"][0]["code"] == "structure"

    def test_bad_rows_are_told_with_file_line_and_reason(self, shop: Shop) -> None:
        file = shop.hcpcs({**CODES, "bad!": "No code", "A0003": "A third"})
        result = shop.run("load", "hcpcs", str(file))
        assert result.exit_code == 2
        assert "1 row can't be read, of 4, more than the 1% that are allowed" in result.stderr
        assert f"{file.name}:4: 'bad!' is no code and no modifier" in result.stderr
        assert "(--max-bad)" in result.stderr
        assert shop.json("releases") == []

    def test_cpt_without_a_license_shows_the_notice(self, shop: Shop) -> None:
        result = shop.run("load", "cpt", str(release_of_cpt(shop.folder)))
        assert result.exit_code == 2
        assert "loaded for its license holders alone" in result.stderr
        assert "copyright 2025 nobody. All rights reserved by nobody." in result.stderr
        assert shop.active() == []

    def test_a_table_without_a_date_names_the_option(self, shop: Shop) -> None:
        file = shop.folder / "MUE_PractitionerServices.csv"
        file.write_text(ncci.limits(30))
        result = shop.run("load", "ncci-mue", str(file))
        assert result.exit_code == 2
        assert "Name the first day (--effective 2026-07-01)" in result.stderr
        shop.done("load", "ncci-mue", str(file), "--effective", "2026-04-01")
        assert shop.active() == ["ncci-mue-2026Q2-practitioner"]

    def test_a_store_that_cannot_be_written(
        self,
        shop: Shop,
        unprivileged: Callable[[Path], None],  # noqa: F811
    ) -> None:
        file = shop.hcpcs(CODES)
        shop.done("releases")
        unprivileged(shop.data)
        result = shop.run("load", "hcpcs", str(file))
        assert result.exit_code == 2
        assert f"The store can't be written to {shop.data}" in result.stderr
        assert "PROTERM_DATA" in result.stderr
        assert shop.json("releases") == []

    def test_nothing_of_a_load_that_fails_is_left(self, shop: Shop) -> None:
        shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
        before = sorted(path.name for path in shop.data.rglob("*"))
        bad = shop.hcpcs({f"x{n}": "No code" for n in range(5)}, "APR")
        assert shop.run("load", "hcpcs", str(bad)).exit_code == 2
        assert sorted(path.name for path in shop.data.rglob("*")) == before
        assert shop.active() == ["hcpcs-2026-01"]


@both_stores
class TestTold:
    def test_the_table_at_the_end(self, shop: Shop) -> None:
        first = shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
        assert first.splitlines() == [
            "hcpcs-2026-01  HCPCS Level II 2026-01: loaded and active",
            "  loaded   2  concepts",
            "  loaded   1  CodeSystem",
            "  changed  -  no earlier release to compare with",
            "  skipped  0  rows that can't be read",
        ]
        file = shop.hcpcs({"A0001": "A lamp", "A0003": "A hill", "?": "?"}, "APR")
        second = shop.done("load", "hcpcs", str(file), "--max-bad", "1")
        table, _, rest = second.partition("  Warning: 1 of the 2 in ")
        assert table.splitlines()[3:] == [
            f"  added     1  {HCPCS}, since hcpcs-2026-01",
            f"  ended     1  {HCPCS}, since hcpcs-2026-01",
            f"  reworded  1  {HCPCS}, since hcpcs-2026-01",
            "  skipped   1  rows that can't be read",
        ]
        assert rest.splitlines()[-2:] == [
            "  Skipped:",
            f"    {file.name}:4: '?' is no code and no modifier",
        ]

    def test_what_stayed_the_same_is_said_to(self, shop: Shop) -> None:
        shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
        text = shop.done("load", "hcpcs", str(shop.hcpcs(CODES, "APR")))
        assert "  unchanged  1  code systems or tables, since hcpcs-2026-01\n" in text

    def test_many_bad_rows_are_counted_and_the_first_shown(self, shop: Shop) -> None:
        file = shop.hcpcs({**CODES, **{f"x{n}": "No code" for n in range(12)}})
        text = shop.done("load", "hcpcs", str(file), "--max-bad", "90%")
        assert "  skipped  12  rows that can't be read\n" in text
        assert f"    {file.name}:13: 'x9' is no code and no modifier\n" in text
        assert ":14:" not in text
        assert text.endswith("    ... and 2 more\n")

    def test_remarks_and_the_notice(self, shop: Shop) -> None:
        folder = release_of_cpt(shop.folder)
        (folder / cpt.SHORT).unlink()
        text = shop.done("load", "cpt", str(folder), "--accept-license")
        assert text.startswith("cpt-2026  Current Procedural Terminology (CPT) 2026: loaded and")
        assert "  The delivery has no SHORTU.txt; codes are without its descriptors.\n" in text
        _, _, notice = text.partition("  Notice of the files:\n")
        assert "copyright 2025 nobody. All rights reserved by nobody." in notice

    def test_json_says_it_for_machines(self, shop: Shop) -> None:
        file = shop.hcpcs({**CODES, "?": "?"})
        found = shop.json("load", "hcpcs", str(file), "--max-bad", "1,50%")
        assert found["name"] == "hcpcs-2026-01"
        assert (found["new"], found["active"], found["skipped"]) == (True, True, 1)
        assert found["counts"] == {"concepts": 2, "CodeSystem": 1}
        reason = "'?' is no code and no modifier"
        assert found["problems"] == [{"file": file.name, "line": 4, "reason": reason}]
        assert found["files"] == [
            {
                "name": file.name,
                "size": file.stat().st_size,
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            }
        ]
        assert shop.json("releases") == [{k: found[k] for k in found if k not in _OF_LOAD}]

    def test_json_is_alone_on_both_streams(self, shop: Shop) -> None:
        assert shop.run("load", "hcpcs", str(shop.hcpcs(CODES)), "--json").stderr == ""


_OF_LOAD = ("new", "problems")


@both_stores
class TestAgain:
    def test_the_same_files_are_loaded_once(self, shop: Shop) -> None:
        file = str(shop.hcpcs(CODES))
        shop.done("load", "hcpcs", file)
        text = shop.done("load", "hcpcs", file)
        assert text.startswith("These files are loaded already, as hcpcs-2026-01 on ")
        assert text.endswith(" It is active.\n")
        assert "NOT" not in shop.run("load", "hcpcs", file).stderr
        assert len(shop.json("releases")) == 1
        assert not shop.json("load", "hcpcs", file)["new"]

    def test_files_that_were_put_out_of_use_stay_so(self, shop: Shop) -> None:
        file = str(shop.hcpcs(CODES))
        shop.done("load", "hcpcs", file)
        shop.done("rollback")
        result = shop.run("load", "hcpcs", file)
        assert result.exit_code == 1
        assert result.stdout.startswith("These files are loaded already, as hcpcs-2026-01 on ")
        assert result.stdout.endswith(" It is not active.\n")
        assert "hcpcs-2026-01 is NOT active." in result.stderr
        assert "Make it active: proterm activate hcpcs-2026-01" in " ".join(result.stderr.split())
        assert shop.active() == []
        told = shop.run("load", "hcpcs", file, "--json")
        assert told.exit_code == 1
        assert json.loads(told.stdout)["active"] is False
        assert shop.done("load", "hcpcs", file, "--no-activate") == result.stdout

    def test_a_corrected_file_is_another_load_of_the_same(self, shop: Shop) -> None:
        shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
        text = shop.done("load", "hcpcs", str(shop.hcpcs({**CODES, "A0002": "A moor"})))
        assert text.startswith("hcpcs-2026-01.2  ")
        assert f"  reworded  1  {HCPCS}, since hcpcs-2026-01\n" in text
        assert shop.active() == ["hcpcs-2026-01.2"]

    def test_it_is_compared_with_the_one_whose_place_it_takes(self, shop: Shop) -> None:
        shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
        tried = shop.hcpcs({**CODES, "A0002": "A moor"})
        shop.done("load", "hcpcs", str(tried), "--no-activate")
        found = shop.json("load", "hcpcs", str(shop.hcpcs({**CODES, "A0002": "A hill"})))
        assert (found["name"], found["comparedWith"]) == ("hcpcs-2026-01.3", "hcpcs-2026-01")

    def test_it_is_compared_with_what_is_active_before_what_is_not(self, shop: Shop) -> None:
        shop.done("load", "hcpcs", str(shop.hcpcs(CODES, "JAN")))
        shop.done("load", "hcpcs", str(shop.hcpcs(CODES, "APR")), "--no-activate")
        found = shop.json("load", "hcpcs", str(shop.hcpcs(CODES, "JUL")))
        assert found["comparedWith"] == "hcpcs-2026-01"
        shop.done("rollback", "--to", "0")
        found = shop.json("load", "hcpcs", str(shop.hcpcs(CODES, "OCT")))
        assert found["comparedWith"] == "hcpcs-2026-07"

    def test_a_large_loss_is_told_first(self, shop: Shop) -> None:
        codes = {f"A{number:04}": "A lantern" for number in range(10)}
        shop.done("load", "hcpcs", str(shop.hcpcs(codes)))
        fewer = dict(list(codes.items())[:8])
        found = shop.json("load", "hcpcs", str(shop.hcpcs(fewer, "APR")))
        assert found["remarks"] == []
        fewest = dict(list(codes.items())[:6])
        found = shop.json("load", "hcpcs", str(shop.hcpcs(fewest, "JUL")))
        assert found["remarks"][0].startswith(
            f"Warning: 2 of the 8 in {HCPCS} of hcpcs-2026-04 ended. If that is not what"
        )

    def test_rows_of_pairs_that_are_missing_are_told_of(self, shop: Shop) -> None:
        found: Any = None
        for version, count in (("v321r0", 200), ("v322r0", 40)):
            folder = shop.folder / version
            folder.mkdir()
            ncci.parts(folder, count, f"ccipra-{version}", number=1)
            found = shop.json("load", "ncci-ptp", str(folder))
        assert found["comparedWith"] == "ncci-ptp-v321r0-practitioner"
        assert found["remarks"][0].startswith("Warning: ")
        assert " of ncci-ptp-v321r0-practitioner " in found["remarks"][0]

    def test_an_older_release_is_not_compared_with_a_newer_one(self, shop: Shop) -> None:
        shop.done("load", "hcpcs", str(shop.hcpcs(CODES, "APR")))
        text = shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
        assert "no earlier release to compare with" in text


class TestOptions:
    def test_no_activate_leaves_active_what_is(self, shop: Shop) -> None:
        text = shop.done("load", "hcpcs", str(shop.hcpcs(CODES)), "--no-activate")
        assert "HCPCS Level II 2026-01: loaded, not active\n" in text
        assert text.endswith("  Make it active: proterm activate hcpcs-2026-01\n")
        assert shop.active() == []
        assert "fragment" in next(one for one in shop.done("content").splitlines() if HCPCS in one)

    def test_effective_and_version(self, shop: Shop) -> None:
        file = shop.hcpcs(CODES)
        bare = file.rename(shop.folder / "codes.csv")
        options = ("--effective", "2026-02-01", "--version", "2026-02")
        found = shop.json("load", "hcpcs", str(bare), *options)
        assert (found["name"], found["effective"]) == ("hcpcs-2026-02", "2026-02-01")

    def test_the_setting_allows_bad_rows_and_the_option_goes_before_it(self, shop: Shop) -> None:
        file = str(shop.hcpcs({**CODES, "?": "?"}))
        lenient = {"PROTERM_MAX_BAD": "50%"}
        assert shop.run("load", "hcpcs", file, "--max-bad", "0", **lenient).exit_code == 2
        assert shop.run("load", "hcpcs", file, **lenient).exit_code == 0

    def test_the_folder_that_is_named_goes_before_the_settings(self, shop: Shop) -> None:
        other = shop.folder / "other"
        nowhere = "postgresql://proterm@127.0.0.1:1/proterm"
        arguments = ("load", "hcpcs", str(shop.hcpcs(CODES)), "--data", str(other))
        assert shop.run(*arguments, PROTERM_STORE=nowhere).exit_code == 0
        assert (other / "releases").is_dir()
        assert shop.active() == []


class TestHelp:
    def test_it_lists_every_kind_and_no_other(self) -> None:
        text = CliRunner().invoke(main, ["load", "--help"]).stdout
        lines = text.partition("archive of them:")[2].partition("$")[0].splitlines()
        assert {line.split()[0] for line in lines if line.strip()} == {*KINDS}

    def test_it_documents_the_exit_status(self) -> None:
        assert "Exit status: 0 loaded" in CliRunner().invoke(main, ["load", "--help"]).stdout


@both_stores
def test_a_loaded_release_answers_lookups(shop: Shop) -> None:
    shop.done("load", "cpt", str(release_of_cpt(shop.folder)), "--accept-license")
    system = next(one for one in shop.json("content")["codeSystems"] if one["url"] == CPT)
    assert (system["content"], system["loadedAs"]) == ("complete", "cpt-2026")
    code = next(iter(cpt_codes(20)))
    assert cpt.text(0) in " ".join(shop.done("lookup", code).split())
