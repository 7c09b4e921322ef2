"""A release of CPT in the AMA's layouts, of any size: real names of files and columns, no words."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import wrap

from tests.terminology.importers.generate.words import NOTICE, cpt_codes, phrase

STANDARD = "standard"
LONG, LONG_UPPER, MEDIUM, SHORT, MODIFIERS = (
    f"{STANDARD}/{name}.txt" for name in ("LONGULT", "LONGUT", "MEDU", "SHORTU", "MODUL")
)
WRAPPED = f"{STANDARD}/LONGULF.txt"
CONSUMER = f"{STANDARD}/Consumer Friendly Descriptors/ConsumerDescriptor.txt"
CLINICIAN = f"{STANDARD}/Clinician Descriptors/ClinicianDescriptor.txt"
LABORATORY = f"{STANDARD}/Proprietary Laboratory Analyses (PLA) Codes/CPTPLA.txt"
DELETED, HISTORY, MODIFIER_HISTORY = (
    f"CPT Link/history/{name}_DTK_tab.txt" for name in ("Deleted", "History", "HistoryModifiers")
)
# Of the sections of the appendix the headings are the AMA's, and so are the modifiers' codes.
GENERAL = "22 23 24 25 26 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 76 77 78 79 80 81 82"
GENERAL += " 90 91 92 93 95 96 97 99"
STATUS = "P1 P2 P3 P4 P5 P6"
HOSPITAL = "25 27 50 52 58 59 73 74 76 77 78 79 91"
PERFORMANCE = "1P 2P 3P 8P"
LEVEL_2 = "E1 E2 FA LT RT XE XS XP XU"
_ABOVE = (
    "{notice}",
    "",
    "No statement of this file means anything to anybody. To ask nobody about it, write to",
    "12345 Nowhere Street",
    "60600 Nowhere",
    "",
)
_PER_SEED = 100_000


def text(number: int, seed: int = 0) -> str:
    """The long descriptor of the code with a number; every fifth goes over lines."""
    parts = [phrase(number + seed * _PER_SEED + more) for more in range(1 + 3 * (number % 5 == 0))]
    return "; and ".join(parts)


def delivery(
    count: int, year: int = 2026, seed: int = 0, *, codes: Iterable[str] = ()
) -> dict[str, str]:
    """The files of a release by their paths.

    Args:
        count: how many codes it has.
        year: of use.
        seed: other words for another seed.
        codes: these, in place of codes that are made up.
    """
    texts = {
        code: text(number, seed) for number, code in enumerate(tuple(codes) or cpt_codes(count))
    }
    return {
        LONG: _lines(texts, year, "{code}\t{text}"),
        LONG_UPPER: _lines(_upper(texts), year, "{code}\t{text}"),
        MEDIUM: _lines(_upper(texts), year, "{code} {text:<48.48}"),
        SHORT: _lines(_upper(texts), year, "{code} {text:<28.28}"),
        MODIFIERS: appendix(year, seed),
        CONSUMER: _table("Concept Id,CPT Code,Consumer Friendly Descriptor", _consumer(texts)),
        CLINICIAN: _table(
            "Concept Id,CPT Code,Clinician Descriptor Id,Clinician Descriptor", _clinician(texts)
        ),
        LABORATORY: _crlf("\t".join(row) for row in _analyses(texts, year)),
        DELETED: _table(
            "Concept Id,Code,Date Deleted,Level,Descriptor,Instruction", _deleted(count, year)
        ),
        HISTORY: _table(
            "Date,Change Type,Concept Id,CPT Code,Level,Prior Value,Current Value,Instruction",
            _history(texts, year),
        ),
        MODIFIER_HISTORY: _table(
            "Date,Change Type,Concept Id,Modifier Code,Prior Value,CurrentValue",
            [["", "", "", "", "", "A heading"], ["20080101", "ADDED", "1", "59", "", "a"]],
        ),
    }


def written(folder: Path, files: Mapping[str, str], encoding: str = "utf-8") -> Path:
    """Write the files of a release into a folder, which is given back."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode(encoding))
    return folder


def wrapped(texts: Mapping[str, str], year: int = 2026, *, repeated: bool = False) -> str:
    """The older form of the long descriptors: text from column 10, broken over lines.

    Args:
        texts: by code.
        year: of use.
        repeated: whether each line of a code begins with it, or the first one alone.
    """
    lines = _notice(year)
    for code, words in texts.items():
        for number, part in enumerate(wrap(words, 70)):
            lines.append(f"{code if repeated or number == 0 else '':<9}{part}")
    return _crlf(lines)


def appendix(year: int = 2026, seed: int = 0) -> str:
    """MODUL: the sections of the appendix, records over several lines with blank ones between."""
    lines = [*_notice(year), "Appendix A", "", f"All that is used with CPT {year} codes.", ""]
    named = _words(seed)
    lines += _prose(f"{code} {named[code]}: {text(n)}" for n, code in enumerate(GENERAL.split()))
    lines += ["Anesthesia Physical Status", "Modifiers", "", "Example: 00100-P1", ""]
    lines += _prose(f"Physical Status Modifier {code}: {named[code]}" for code in STATUS.split())
    lines += ["Modifiers Approved for Ambulatory Surgery Center (ASC) Hospital Outpatient Use", ""]
    lines += ["CPT Level I Modifiers", ""]
    lines += _prose(f"{code} {named[code]}: {text(n)}" for n, code in enumerate(HOSPITAL.split()))
    lines += ["Category II Modifiers", "", *wrap(text(5), 66), ""]
    for code in PERFORMANCE.split():
        lines += [f"{code} {named[code]}", "Reasons include:", "Of one kind", "Of another", ""]
    lines += ["Level II (HCPCS/National) Modifiers", ""]
    lines += [f"{'*' * code.startswith('X')}{code} {named[code]}" for code in LEVEL_2.split()]
    return _crlf([*lines, "", "(*A note on some of them, which goes on", "over a line)"])


def _words(seed: int) -> dict[str, str]:
    every = sorted({*" ".join((GENERAL, STATUS, HOSPITAL, PERFORMANCE, LEVEL_2)).split()})
    return {code: phrase(n + seed * _PER_SEED) for n, code in enumerate(every)}


def _prose(records: Iterable[str]) -> list[str]:
    return [line for record in records for line in (*wrap(record, 66), "")]


def _notice(year: int) -> list[str]:
    # A notice is of the year in which the files came out.
    return [line.format(notice=NOTICE.format(year=year - 1)) for line in _ABOVE]


def _upper(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: words.upper() for code, words in texts.items()}


def _lines(texts: Mapping[str, str], year: int, form: str) -> str:
    return _crlf([*_notice(year), *(form.format(code=c, text=t) for c, t in texts.items())])


def _table(header: str, rows: Iterable[list[str]]) -> str:
    return _crlf(["\t".join(header.split(",")), *("\t".join(row) for row in rows)])


def _crlf(lines: Iterable[str]) -> str:
    return "".join(f"{line}\r\n" for line in lines)


def _consumer(texts: Mapping[str, str]) -> list[list[str]]:
    return [[str(n), code, f"For all: {t}"] for n, (code, t) in enumerate(texts.items())]


def _clinician(texts: Mapping[str, str]) -> list[list[str]]:
    """Some codes have two."""
    return [
        [str(n), code, f"{n}{m}", f"For some {m}: {words}"]
        for n, (code, words) in enumerate(texts.items())
        for m in range(1 + (n % 3 == 0))
    ]


def _analyses(texts: Mapping[str, str], year: int) -> list[list[str]]:
    days = [f"{year - 1}0701", f"{year - 1}1001"]
    return [
        [code, t, t[:48], t[:28], "", "", *days, f"Lantern {code}", "A laboratory", "A maker"]
        for code, t in texts.items()
        if code.endswith("U")
    ]


def _deleted(count: int, year: int) -> list[list[str]]:
    rows = [["1", "00001", "Pre-1982", "1", "Descriptor not available", ""]]
    for n in range(count // 20):
        day = f"{1990 + n % (year - 1990)}0101"
        words, instead = phrase(n + 7), f"(00002 was deleted. To report, use {n + 100:05})"
        rows.append([str(n), f"{n + 2:05}", day, "1", words, instead])
    return rows


def _history(texts: Mapping[str, str], year: int) -> list[list[str]]:
    rows = [["", "", "", "", "", "", "A heading", ""]]
    for n, code in enumerate(texts):
        rows.append([f"{1990 + n % 30}0101", "ADDED", str(n), code, "1", "", "a", ""])
        if n % 4 == 0:
            rows.append([f"{year}0101", "REVISED", str(n), code, "1", "a", "b", ""])
    return rows
