"""Files to load for the tests of commands, and the command line over a store of their own."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from service.settings import Settings
from tests.terminology.importers.generate.hcpcs import table

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
CPT = "http://www.ama-assn.org/go/cpt"
JANUARY = {"A0001": "A lantern", "A0002": "A meadow", "A0004": "A moor"}
APRIL = {"A0001": "A lamp", "A0002": "A meadow", "A0003": "A hill", "A0005": "A ladder"}
"""Codes of two releases of HCPCS Level II, for the fixture `loaded`."""

both_stores = pytest.mark.parametrize("shop", ["folder", "postgresql"], indirect=True)
"""Runs a test, or a class of tests, over a folder and over a database."""


class Shop:
    """A folder with a store, files to load into it, and the commands over it.

    Attributes:
        folder: where files are written.
        data: the store, where it is a folder.
        database: the address of the store, empty where it is a folder.
    """

    def __init__(self, folder: Path, shipped: Path | None = None, database: str = "") -> None:
        """Take what ships from a folder that has it built, or a database that has it."""
        self.folder = folder
        self.data = folder / "data"
        self.database = database
        if shipped is not None:
            self.data.mkdir()
            for path in shipped.glob("shipped-*"):
                shutil.copy(path, self.data)

    def settings(self) -> Settings:
        """The settings of a service over the store."""
        return Settings(data=self.data, store=self.database)

    def run(self, *arguments: str, **environment: str | None) -> Result:
        """A command, by default over the store."""
        where = {"PROTERM_DATA": str(self.data), "PROTERM_STORE": self.database}
        environ = {**where, "COLUMNS": "100", **environment}
        result = CliRunner().invoke(main, list(arguments), env=environ)
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    def done(self, *arguments: str) -> str:
        """What a command prints that ends well."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def json(self, *arguments: str) -> Any:
        """The JSON that a command prints that ends well."""
        return json.loads(self.done(*arguments, "--json"))

    def hcpcs(self, codes: Mapping[str, str], month: str = "JAN", year: int = 2026) -> Path:
        """A table of HCPCS Level II with these codes, the text of each after it."""
        said = {"RECID": "3", "SEQNUM": "00100", "ADD DT": "20200101", "ACT EFF DT": "20200101"}
        made = (
            {**said, "HCPC": code, "LONG DESCRIPTION": text, "SHORT DESCRIPTION": text}
            for code, text in codes.items()
        )
        rows = [",".join(row) for row in table(made)]
        path = self.folder / f"HCPC{year}_{month}_ANWEB.csv"
        path.write_text("\r\n".join([*rows, ""]))
        return path

    def active(self) -> list[str]:
        """The names of what is active."""
        return [one["name"] for one in self.json("releases") if one["active"]]
