"""NCCI's code pairs and unit limits in CMS's layouts, with made-up codes' relations."""

from collections.abc import Iterator
from pathlib import Path

from tests.terminology.importers.generate.words import NOTICE, cpt_codes
from tests.terminology.importers.generate.workbook import workbook

HEADER = (
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale",
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t",
    "\t\t\t\t*=no data\t1=allowed\t",
    "\t\t\t\t\t9=not applicable\t",
)
_WHYS = (
    "Standards of medical/surgical practice",
    "More extensive procedure",
    "Misuse of Column Two code with Column One code",
    "CPT Manual or CMS manual coding instruction",
)
_DAYS = ("19960101", "20021001", "20170401", "20180701", "20220101", "20240401")
_ENDS = ("*", "*", "20231231", "*", "*", "20260630")


def pairs(count: int) -> Iterator[str]:
    """Rows of text, sorted by both codes; one in seven repeats its pair with other dates."""
    codes = list(cpt_codes(9_000))
    width = -(-count // len(codes)) + 1
    made = 0
    for n, one in enumerate(codes):
        for m, two in enumerate(codes[n + 1 : n + 1 + width] or codes[:width]):
            mark = "101"[(n + m) % 3]
            start, end = _DAYS[(n + m) % 6], _ENDS[(n * 7 + m) % 6]
            yield f"{one}\t{two}\t\t{start}\t{end}\t{mark}\t{_WHYS[(n + m) % 4]}"
            made += 1
            if (n + m) % 7 == 0 and made < count:
                yield f"{one}\t{two}\t*\t19960101\t19960101\t9\t{_WHYS[0]}"
                made += 1
            if made >= count:
                return


def parts(folder: Path, count: int, stem: str = "ccipra-v322r0", number: int = 4) -> list[Path]:
    """The parts f1 to f4 of a version as text, with notice and header, CRLF."""
    rows, share = pairs(count), -(-count // number)
    made = []
    for part in range(1, number + 1):
        path = folder / f"{stem}-f{part}.txt"
        with path.open("w", encoding="cp1252", newline="\r\n") as file:
            file.write(NOTICE.format(year=2025) + "\t\t\t\t\t\t\n")
            file.write("Column1/Column2 Edits\t\t\t\t\t\t\n")
            file.writelines(f"{line}\n" for line in HEADER)
            for n, row in enumerate(rows, 1):
                file.write(f"{row}\n")
                if n >= share:
                    break
        made.append(path)
    return made


def book(path: Path, count: int) -> Path:
    """One part as a workbook, in which codes of five digits are numbers."""
    head = [[NOTICE.format(year=2025)], ["Column1/Column2 Edits"]]
    header = [line.split("\t") for line in HEADER]
    rows = ([_number(cell) for cell in row.split("\t")] for row in pairs(count))
    return workbook(path, [*head, *header, *rows])


def _number(cell: str) -> str | int:
    return int(cell) if cell.isdigit() else cell


def limits(count: int, setting: str = "Practitioner Services") -> str:
    """A file of unit limits: a notice and a header over several lines, in quotation marks."""
    marks = ("1 Line Edit", "2 Date of Service Edit: Policy", "3 Date of Service Edit: Clinical")
    rows = [
        f"{code},{n % 9},{marks[n % 3]},{('Clinical: Data', 'Nature of Analyte')[n % 2]}"
        for n, code in enumerate(cpt_codes(count))
    ]
    head = [
        f'"{NOTICE.format(year=2025)} ',
        "",
        'A made-up mark of nobody.",,,',
        '"HCPCS/',
        f'CPT Code",{setting} MUE Values,MUE Adjudication Indicator,MUE Rationale',
    ]
    return "\r\n".join([*head, *rows, ""])
