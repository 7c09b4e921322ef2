"""What README, docs/releases.md, compose.yaml and Dockerfile say of loading is so."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.settings import settings_rows
from terminology.importers.guard import Limits
from terminology.importers.registry import KINDS
from tests.service.loading import CPT, Shop
from tests.terminology.importers.generate import cpt
from tests.terminology.importers.packing import zipped

ROOT = Path(__file__).parents[2]
RELEASES = (ROOT / "docs" / "releases.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
VARIABLES = {setting.variable for _, setting in settings_rows()}


def commands(text: str) -> list[list[str]]:
    """The arguments of each `proterm` line that is shown, continued lines joined."""
    whole = text.replace("\\\n", "")
    lines = re.findall(r"^\$ (?:\S*[A-Z_]+=\S+ )*(?:\S*/)?proterm (.*)$", whole, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def test_five_lines_load_cpt_and_take_it_out_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, section = README.partition("## Whole code files")
    shown = commands(section.partition("##")[0])
    assert [line[0] for line in shown] == ["load", "lookup", "content", "releases", "rollback"]
    files = cpt.delivery(0, codes=["37244", "99213"])
    packed = zipped({name: text.encode() for name, text in files.items()})
    (shop.folder / "CPT2026.zip").write_bytes(packed)
    monkeypatch.chdir(shop.folder)
    printed = [shop.done(*line) for line in shown]
    assert printed[0].startswith("cpt-2026  Current Procedural Terminology (CPT) 2026: loaded")
    assert cpt.text(1).split(";")[0] in printed[1]
    assert f"CodeSystem  {CPT}  2026  shipped  by cpt-2026" in printed[2]
    assert "active  cpt-2026" in printed[3]
    assert printed[4].startswith("cpt-2026 is not active any more.\n")


@pytest.mark.parametrize("line", commands(RELEASES), ids=" ".join)
def test_each_command_that_is_shown_is_one(line: list[str]) -> None:
    name, *arguments = line
    command = main.commands[name]
    # Parsed and not run; what is shown has to be what the command takes.
    context = command.make_context(name, arguments)
    assert context.params["data"] is None


def test_every_kind_is_in_the_table() -> None:
    _, _, table = RELEASES.partition("| kind | files |")
    rows = table.partition("\n\n")[0].splitlines()[2:]
    named = [name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert sorted(named) == sorted(KINDS)


def test_the_limits_of_archives_are_those_of_the_code() -> None:
    limits = Limits()
    said = RELEASES.partition("### Limits of archives")[2].partition("##")[0]
    assert f"{limits.entries:,} files" in said
    assert f"{limits.unpacked >> 30} GiB" in said
    assert f"{limits.free >> 20} MiB" in said
    assert f"{limits.ratio} times" in said
    assert limits.depth == 2
    assert "two deep" in said


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile"])
def test_what_a_container_is_told_is_a_setting(name: str) -> None:
    told = {*re.findall(r"\bPROTERM_[A-Z_]+", (ROOT / name).read_text("utf-8"))}
    assert told
    assert told <= VARIABLES


def test_the_commands_are_in_the_help_of_all() -> None:
    text = CliRunner().invoke(main, ["--help"]).stdout
    for name in ("load", "releases", "activate", "rollback", "drop", "diff"):
        assert re.search(rf"^  {name} ", text, re.MULTILINE)
