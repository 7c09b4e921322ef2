"""The table of settings: what is read, what is refused and with which words, what is documented."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.settings import (
    BEGIN,
    END,
    SettingError,
    Settings,
    settings_rows,
    settings_table,
    unknown_variables,
    with_settings_table,
)

README = Path(__file__).resolve().parents[1] / "README.md"
VARIABLES = [setting.variable for _, setting in settings_rows()]


def test_readme_has_the_table_of_the_code(require: Callable[[object, str], None]) -> None:
    require(README.is_file(), "README.md is not there")
    text = README.read_text("utf-8")
    assert text == with_settings_table(text), "README.md is behind the code: run `make docs`"


def test_a_text_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="has no <!-- settings -->"):
        with_settings_table("# Proterm")


def test_the_table_replaces_what_stands_between_the_markers_only() -> None:
    text = with_settings_table(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    assert text == f"before\n{BEGIN}\n{settings_table()}\n{END}\nafter\n"


def test_every_setting_is_in_the_table_with_its_default_and_help() -> None:
    lines = settings_table().splitlines()[2:]
    assert len(lines) == len(VARIABLES) == len(dataclasses.fields(Settings))
    for line, (_, setting) in zip(lines, settings_rows(), strict=True):
        assert setting.variable in line
        assert setting.default in line
        assert setting.help.endswith(".")


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()
    assert (Settings().host, Settings().port, Settings().data) == ("127.0.0.1", 8080, Path("var"))


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9999")
    assert Settings.from_env().port == 9999


def test_settings_are_read_and_trimmed() -> None:
    settings = Settings.from_env(
        {
            "HOST": "0.0.0.0",  # noqa: S104 - only read, never bound
            "PORT": " 80 ",
            "PROTERM_DATA": "/data",
            "PROTERM_WORKERS": "3",
            "PROTERM_DEFAULT_SUPPLEMENTS": "https://a.example/s|1, urn:oid:1.2.3",
            "PROTERM_CORS_ORIGINS": "https://ehr.example,http://localhost:3000",
            "PROTERM_BASE_URL": "https://tx.example/fhir/",
            "PROTERM_LOG_LEVEL": "WARNING",
        }
    )
    assert (settings.port, settings.data, settings.workers) == (80, Path("/data"), 3)
    assert settings.default_supplements == ("https://a.example/s|1", "urn:oid:1.2.3")
    assert settings.cors_origins == ("https://ehr.example", "http://localhost:3000")
    assert settings.base_url == "https://tx.example/fhir"
    assert settings.log_level == "warning"


def test_lists_may_be_empty() -> None:
    empty = {"PROTERM_DEFAULT_SUPPLEMENTS": "", "PROTERM_CORS_ORIGINS": "", "PROTERM_BASE_URL": ""}
    settings = Settings.from_env(empty)
    assert (settings.default_supplements, settings.cors_origins, settings.base_url) == ((), (), "")


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("HOST", "not a host", "a host name or an IP address"),
        ("PORT", "0", "a whole number from 1 to 65535"),
        ("PORT", "tcp://10.0.0.1:80", "a whole number from 1 to 65535"),
        ("PORT", "\uff18\uff10", "a whole number from 1 to 65535"),
        ("PORT", "", "a whole number"),
        ("PROTERM_DATA", "", "the path of a folder"),
        ("PROTERM_WORKERS", "many", "'auto' or a whole number from 1 to 64"),
        ("PROTERM_WORKERS", "0", "'auto' or a whole number from 1 to 64"),
        ("PROTERM_THREADS", "-1", "a whole number from 1 to 64"),
        ("PROTERM_DEFAULT_SUPPLEMENTS", "notes", "canonical URLs separated by commas"),
        ("PROTERM_CORS_ORIGINS", "ehr.example", "'*', origins such as https://ehr.example"),
        ("PROTERM_CORS_ORIGINS", "https://ehr.example/app", "origins such as"),
        ("PROTERM_MAX_BODY", "8MB", "a whole number from 1024"),
        ("PROTERM_BASE_URL", "tx.example", "an absolute URL"),
        ("PROTERM_BASE_URL", "https://[::1", "an absolute URL"),
        ("PROTERM_BASE_URL", "https://tx.example?a=b", "an absolute URL"),
        ("PROTERM_MAX_BAD", "", "a number such as 100, a part of all such as 1%, or both"),
        ("PROTERM_MAX_BAD", "few", "a number such as 100"),
        ("PROTERM_MAX_BAD", "-1", "a number such as 100"),
        ("PROTERM_MAX_BAD", "101%", "a number such as 100"),
        ("PROTERM_MAX_BAD", "1,2", "a number such as 100"),
        ("PROTERM_MAX_BAD", "1,1%,2", "a number such as 100"),
        ("PROTERM_MAX_BAD", "\u0661", "a number such as 100"),
        ("PROTERM_LOG_LEVEL", "loud", "one of debug, info, warning, error, critical"),
    ],
)
def test_a_bad_value_is_refused_by_name(variable: str, value: str, allowed: str) -> None:
    with pytest.raises(SettingError) as refused:
        Settings.from_env({variable: value})
    message = str(refused.value)
    assert message.startswith(f"{variable} is {value!r}; it must be ")
    assert allowed in message


@pytest.mark.parametrize(
    "value",
    [
        "mysql://proterm:s3cret@db/proterm",
        "s3cret",
        "host=db password=s3cret",
        "postgresql://proterm:s3cret%zz@db/proterm",
        "postgresql://proterm:s3cret and more@db/proterm",
        "postgresql://proterm:a@s3cret@db/proterm",
        "postgresql://proterm:a/s3cret@db/proterm",
        "postgresql://proterm:5432/s3cret@db/proterm",
        "postgresql://proterm@db:s3cret/proterm",
        "postgresql://proterm@db/proterm?pass=s3cret",
    ],
)
def test_an_address_that_can_not_be_read_is_refused_and_not_quoted(value: str) -> None:
    with pytest.raises(SettingError) as refused:
        Settings.from_env({"PROTERM_STORE": value})
    message = str(refused.value)
    assert message.startswith("PROTERM_STORE is not what it should be; it must be an address")
    assert "s3cret" not in message


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", ""),
        ("postgresql://proterm@db1,db2:5433/proterm", "postgresql://proterm@db1,db2:5433/proterm"),
        (
            "postgresql://proterm:s3cret@db/proterm",
            "user=proterm password=*** dbname=proterm host=db",
        ),
        ("postgresql://db/proterm?password=s3cret", "password=*** dbname=proterm host=db"),
        ("postgres://p:s%40crets3cret@db/x", "user=p password=*** dbname=x host=db"),
        ("s3cret", "***"),
    ],
)
def test_an_address_is_shown_without_its_password(value: str, shown: str) -> None:
    assert {s.variable: s for _, s in settings_rows()}["PROTERM_STORE"].shown(value) == shown


def test_settings_do_not_show_the_address() -> None:
    settings = Settings.from_env({"PROTERM_STORE": "postgresql://proterm:s3cret@db/proterm"})
    assert settings.is_remote
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("100,1%", (100, 0.01)),
        ("0", (0, 1.0)),
        ("250", (250, 1.0)),
        ("0.5%", (10**9, 0.005)),
        ("100%, 20", (20, 1.0)),
    ],
)
def test_bad_rows_are_bounded_by_number_share_or_both(text: str, bounds: tuple[int, float]) -> None:
    assert Settings.from_env({"PROTERM_MAX_BAD": text}).max_bad == bounds


def test_a_page_is_not_larger_than_the_largest_page() -> None:
    with pytest.raises(SettingError, match="at most PROTERM_MAX_PAGE_SIZE, which is 20"):
        Settings.from_env({"PROTERM_PAGE_SIZE": "21", "PROTERM_MAX_PAGE_SIZE": "20"})


@given(st.sampled_from(VARIABLES), st.text())
def test_any_text_is_read_or_refused_with_a_sentence(variable: str, value: str) -> None:
    try:
        Settings.from_env({variable: value})
    except SettingError as error:
        sentence = str(error)
    else:
        return
    # Of two settings that contradict each other both are named, and either may have been changed.
    assert variable in sentence
    assert sentence.endswith(".")


def test_the_home_folder_of_nobody_is_refused_in_words() -> None:
    with pytest.raises(SettingError, match="PROTERM_DATA is '~0'; it must be the path of a folder"):
        Settings.from_env({"PROTERM_DATA": "~0"})


def test_typing_errors_are_found_and_strangers_left_alone() -> None:
    environ = {"PROTERM_WORKER": "2", "PROTERM_WORKERS": "2", "PROTERM_REQUIRE_ALL": "1", "A": ""}
    assert unknown_variables(environ) == ["PROTERM_WORKER"]


def test_settings_can_not_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]
