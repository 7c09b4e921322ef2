"""Each request of the README and of the pages in docs is sent to the running service."""

import re
import shlex
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
RULES = ROOT / "docs" / "rules.md"
PAGES = sorted((ROOT / "docs" / "operations").glob("*.md"))
SHOWN = "http://127.0.0.1:8080"
_EXAMPLE = re.compile(r"^\$ (curl .*)\n((?:[^`$].*\n)+)", re.MULTILINE)
EXAMPLES = [
    e for page in (README, RULES, *PAGES) for e in _EXAMPLE.findall(page.read_text("utf-8"))
]


def test_the_readme_has_ten_the_rules_three_and_each_page_one() -> None:
    counts = [len(_EXAMPLE.findall(page.read_text("utf-8"))) for page in (README, RULES, *PAGES)]
    assert counts == [10, 3] + [1] * len(PAGES)


@pytest.mark.parametrize("page", [README, RULES])
def test_the_answer_of_37244_with_26_is_shown_in_full(page: Path) -> None:
    asked = "CodeSystem/$validate-code?url=http://www.ama-assn.org/go/cpt&code=37244:26"
    (answer,) = [e[1] for e in _EXAMPLE.findall(page.read_text("utf-8")) if asked in e[0]]
    assert "..." not in answer


@pytest.mark.parametrize(("command", "expected"), EXAMPLES)
def test_it_answers_as_shown(server: str, command: str, expected: str) -> None:
    answer = _send(command.replace(SHOWN, server)).replace(server, SHOWN)
    assert _as_shown(answer, expected.strip()), f"{command}\nanswers\n{answer}"


def test_a_changed_answer_is_noticed() -> None:
    assert not _as_shown('{"result":false}', '{"result":true}')
    assert not _as_shown('{"a":1,"b":2}', '{"a":1...,"c":...}')
    assert _as_shown('{"a":1,"b":2}', '{..."b":2}')


def _send(command: str) -> str:
    words = shlex.split(command)[1:]
    headers: dict[str, str] = {}
    data = None
    while words[0].startswith("-"):
        flag, value, *words = words
        if flag == "-H":
            name, _, text = value.partition(": ")
            headers[name] = text
        else:
            assert flag == "-d"
            data = value
    (address,) = words
    answer = requests.request(
        "POST" if data else "GET", address, headers=headers, data=data, timeout=30
    )
    return answer.text


def _as_shown(answer: str, expected: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.split("..."))
    return re.fullmatch(pattern, answer, re.DOTALL) is not None
