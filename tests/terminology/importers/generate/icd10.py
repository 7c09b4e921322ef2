"""ICD-10-PCS and ICD-10-CM in the layouts of their publishers: order files, the tabular list."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from tests.terminology.importers.generate.words import phrase

Listed = tuple[str, bool, str]
"""A code without its point, whether it is valid, and its long description."""


def order(rows: Iterable[Listed]) -> Iterator[str]:
    """The lines of an order file; short descriptions are the long ones cut."""
    for number, (code, valid, long) in enumerate(rows, 1):
        yield f"{number:05} {code:<7} {valid:d} {long[:60]:<60} {long}"


def with_headers(codes: Mapping[str, str]) -> Iterator[Listed]:
    """Codes of ICD-10-PCS below headers of three characters, as the order file has them."""
    header = ""
    for n, code in enumerate(sorted(codes)):
        if code[:3] != header:
            header = code[:3]
            yield header, False, phrase(n)
        yield code, True, codes[code]


def procedures(count: int) -> dict[str, str]:
    """Made-up codes in the shape of those of ICD-10-PCS."""
    letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    made = {}
    for n in range(count):
        rest, stem = n % 200, n // 200
        table = f"{letters[stem // 1156 % 34]}{letters[stem // 34 % 34]}{letters[stem % 34]}"
        made[f"{table}{letters[rest // 34]}{letters[rest % 34]}ZZ"] = phrase(n)
    return made


def written(path: Path, lines: Iterable[str], encoding: str = "cp1252") -> Path:
    """Write an order file, CRLF."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="\r\n") as file:
        file.writelines(f"{line}\n" for line in lines)
    return path


def tabular(chapters: str, year: int = 2026) -> str:
    """The tabular list with these chapters."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<ICD10CM.tabular>\n<version>{year}</version>\n'
        "<introduction><introSection><title>Made up</title></introSection></introduction>\n"
        f"{chapters}\n</ICD10CM.tabular>\n"
    )


def chapter(name: str, text: str, *inner: str) -> str:
    """A chapter with notes and sections."""
    return f"<chapter><name>{name}</name><desc>{escape(text)}</desc>{''.join(inner)}</chapter>"


def section(code: str, text: str, *inner: str) -> str:
    """A section with notes and categories."""
    return f'<section id="{code}"><desc>{escape(text)}</desc>{"".join(inner)}</section>'


def code(name: str, text: str, *inner: str) -> str:
    """A code with notes and the codes below it."""
    return f"<diag><name>{name}</name><desc>{escape(text)}</desc>{''.join(inner)}</diag>"


def notes(name: str, *texts: str) -> str:
    """Notes of a kind, `excludes1`."""
    return f"<{name}>{''.join(f'<note>{escape(text)}</note>' for text in texts)}</{name}>"


def sevenths(**texts: str) -> str:
    """Seventh characters: `sevenths(A="at first")`."""
    inner = "".join(f'<extension char="{c}">{escape(t)}</extension>' for c, t in texts.items())
    return f"<sevenChrDef>{inner}</sevenChrDef>"


def small_list() -> str:
    """Two chapters with all that the list can hold."""
    return tabular(
        chapter(
            "1",
            "Lanterns (A00-B99)",
            notes("includes", "lanterns of every kind"),
            section(
                "A00-A09",
                "Lanterns of the north (A00-A09)",
                notes("excludes2", "kites (B00.-)"),
                code(
                    "A00",
                    "Lantern",
                    notes("excludes1", "drum (B99)", "anvil (B99)"),
                    code("A00.0", "Lantern that hums", notes("inclusionTerm", "Humming lantern")),
                    code("A00.9", "Lantern, not known"),
                ),
            ),
            section("B99", "Drums (B99)", notes("codeFirst", "the harp"), code("B99", "Drum")),
        )
        + chapter(
            "19",
            "Falls (S00-T88)",
            section("S00-T14", "All falls (S00-T14)"),
            section(
                "S00-S09",
                "Falls of kites (S00-S09)",
                code(
                    "S06",
                    "Fall of a kite",
                    notes("sevenChrNote", "A 7th character is to be added, except as noted below"),
                    sevenths(A="at first", D="later"),
                    notes(
                        "notes",
                        "7th characters D and S do not apply to codes in category S06 with 6th"
                        " character 7 - never seen again, or 8 - seen no more.",
                    ),
                    code("S06.0", "Fall in the rain"),
                    code(
                        "S06.1",
                        "Fall on a hill",
                        code(
                            "S06.1X",
                            "Fall on a hill",
                            code("S06.1X1", "Fall on a hill, found"),
                            code("S06.1X7", "Fall on a hill, lost"),
                        ),
                    ),
                ),
            ),
        )
    )
