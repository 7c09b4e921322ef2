"""HCPCS Level II in CMS's forms: records of 320 columns, and the table of the same release."""

from collections.abc import Iterator, Mapping

from tests.terminology.importers.generate.words import phrase

COLUMNS = (
    "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,PRICE1,PRICE2,PRICE3,PRICE4,MULT_PI,CIM1,"
    "CIM2,CIM3,MCM1,MCM2,MCM3,STATUTE,LABCERT1,LABCERT2,LABCERT3,LABCERT4,LABCERT5,LABCERT6,"
    "LABCERT7,LABCERT8,XREF1,XREF2,XREF3,XREF4,XREF5,COV,ASC_GRP,ASC_DT,OPPS,OPPS_PI,OPPS_DT,"
    "PROCNOTE,BETOS,TOS1,TOS2,TOS3,TOS4,TOS5,ANEST_BU,ADD DT,ACT EFF DT,TERM DT,ACTION CD"
).split(",")
# Where the columns stand in a record of text, from 1, and how wide they are.
PLACES = {
    "SHORT DESCRIPTION": (92, 28),
    "PRICE1": (120, 2),
    "PRICE2": (122, 2),
    "MULT_PI": (128, 1),
    "CIM1": (129, 6),
    "MCM1": (147, 8),
    "STATUTE": (171, 10),
    "LABCERT1": (181, 3),
    "LABCERT2": (184, 3),
    "XREF1": (205, 5),
    "XREF2": (210, 5),
    "COV": (230, 1),
    "PROCNOTE": (253, 4),
    "BETOS": (257, 3),
    "TOS1": (261, 1),
    "TOS2": (262, 1),
    "ANEST_BU": (266, 3),
    "ADD DT": (269, 8),
    "ACT EFF DT": (277, 8),
    "TERM DT": (285, 8),
    "ACTION CD": (293, 1),
}
_LETTERS = "ABCEGHJKLMPQRSTV"


def rows(count: int) -> Iterator[dict[str, str]]:
    """Rows by column name: one in twenty a modifier, one in ten ended, some of several lines."""
    modifiers = min(count // 20, 256)
    for n in range(count):
        is_modifier = n < modifiers
        code = f"{_LETTERS[n % 16]}{_LETTERS[n // 16 % 16]}" if is_modifier else _code(n)
        yield {
            "HCPC": code,
            "RECID": "7" if is_modifier else "3",
            "LONG DESCRIPTION": ", then ".join(phrase(n + m) for m in range(n % 5 + 1)),
            "SHORT DESCRIPTION": phrase(n)[:28].strip(),
            "PRICE1": "00",
            "COV": "CDMIS"[n % 5],
            "BETOS": f"D1{n % 10}",
            "TOS1": "P",
            "XREF1": _code(n + 1) if n % 30 == 0 else "",
            "ANEST_BU": "003" if n % 50 == 0 else "",
            "ADD DT": f"{1984 + n % 40}0101",
            "ACT EFF DT": "20250101",
            "TERM DT": "20241231" if n % 10 == 0 else "",
            "ACTION CD": "N",
        }


def _code(n: int) -> str:
    return f"{_LETTERS[n % 16]}{n // 16 + 1:04}"


def text(made: Iterator[Mapping[str, str]], *, hard: bool = False) -> str:
    """The rows as records; `hard` breaks lines at the last column, otherwise between words."""
    lines = []
    for row in made:
        parts = _cut(row["LONG DESCRIPTION"]) if hard else _wrapped(row["LONG DESCRIPTION"])
        for n, part in enumerate(parts):
            kind = row["RECID"] if n == 0 else str(int(row["RECID"]) + 1)
            record = bytearray(b" " * 320)
            _put(record, 1, row["HCPC"].rjust(5) + f"{(n + 1) * 100:05}{kind}{part}")
            if n == 0:
                for column, (start, _) in PLACES.items():
                    _put(record, start, row.get(column, ""))
            lines.append(record.decode())
    return "\r\n".join([*lines, ""])


def _put(record: bytearray, start: int, value: str) -> None:
    record[start - 1 : start - 1 + len(value)] = value.encode()


def _cut(words: str) -> list[str]:
    return [words[at : at + 80] for at in range(0, len(words), 80)]


def _wrapped(words: str) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > 80:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def table(made: Iterator[Mapping[str, str]]) -> list[list[str]]:
    """The rows as a table with its header; modifiers stand right-aligned, as in CMS's."""
    return [
        COLUMNS,
        *([row.get(c, "").rjust(5 if c == "HCPC" else 0) for c in COLUMNS] for row in made),
    ]
