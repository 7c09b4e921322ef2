"""Search over stored resources: what a store is asked, and its answer in portable SQL.

The statements keep to what SQLite and PostgreSQL share, with `?` for every value; nothing of a
request becomes a part of a statement. See https://hl7.org/fhir/R5/search.html.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from terminology.store.search.dates import DateValue
from terminology.store.search.index import index_rows
from terminology.store.search.params import (
    CONCEPT_CODE,
    SEARCH_PARAMETERS,
    SearchParameter,
    parameters_of,
)
from terminology.store.search.values import (
    Criterion,
    ReferenceValue,
    StringValue,
    TokenValue,
    UriValue,
    Value,
    criterion,
)
from terminology.text import fold

__all__ = [
    "SEARCH_PARAMETERS",
    "Criterion",
    "Execute",
    "Found",
    "SearchPage",
    "SearchParameter",
    "SearchQuery",
    "all_found",
    "bodies",
    "criterion",
    "index_rows",
    "parameters_of",
    "run",
]

Execute = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
"""Runs a statement with `?` placeholders and gives its rows."""

_WITHIN = "(v.value >= :start AND v.folded <= :end)"
_DATES = {
    "eq": _WITHIN,
    "ne": f"NOT {_WITHIN}",
    "gt": "v.folded > :end",
    "lt": "v.value < :start",
    "ge": f"(v.folded > :end OR {_WITHIN})",
    "le": f"(v.value < :start OR {_WITHIN})",
    "sa": "v.value > :end",
    "eb": "v.folded < :start",
}
"""How a stored span, `value` to `folded`, compares with the one asked for."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The resources of a type that meet every criterion, `count` of them from `offset` on."""

    resource_type: str
    criteria: tuple[Criterion, ...]
    count: int
    offset: int = 0
    heads: bool = False
    """Whether a canonical resource may come without its concepts."""


class SearchPage(NamedTuple):
    """How many resources match in all, and the JSON of those on the page."""

    total: int
    bodies: list[bytes]


class Found(NamedTuple):
    """A resource that a search found."""

    id: str
    key: int


class _Clause(NamedTuple):
    sql: str
    args: tuple[Any, ...]


def run(query: SearchQuery, release: int, execute: Execute) -> SearchPage:
    """Answer a query from the tables `resource`, `search_value` and `concept`.

    Args:
        query: what is asked for.
        release: the key of the release that is searched.
        execute: the store's way to run a statement.

    Returns:
        The total, and the page in the order of the resources' ids; with a `count` of 0 no bodies.
    """
    where, args = _where(query, release)
    # Values are bound as parameters; only fixed clause texts are joined into the statements.
    count = f"SELECT count(*) FROM resource r WHERE {where}"  # noqa: S608
    total = int(execute(count, args)[0][0])
    if query.count == 0 or query.offset >= total:
        return SearchPage(total, [])
    page = (
        f"SELECT {_body(query)} FROM resource r WHERE {where} "  # noqa: S608
        "ORDER BY r.id LIMIT ? OFFSET ?"
    )
    rows = execute(page, [*args, query.count, query.offset])
    return SearchPage(total, [bytes(row[0]) for row in rows])


def all_found(query: SearchQuery, release: int, execute: Execute) -> list[Found]:
    """Every resource that a query finds, in the order of their ids, whatever its page."""
    where, args = _where(query, release)
    sql = f"SELECT r.id, r.key FROM resource r WHERE {where} ORDER BY r.id"  # noqa: S608
    return [Found(*row) for row in execute(sql, args)]


def bodies(query: SearchQuery, keys: Sequence[int], execute: Execute) -> dict[int, bytes]:
    """The JSON of resources by their keys, as the query wants it."""
    marks = ",".join("?" * len(keys))
    sql = f"SELECT r.key, {_body(query)} FROM resource r WHERE r.key IN ({marks})"  # noqa: S608
    return {row[0]: bytes(row[1]) for row in execute(sql, keys)}


def _where(query: SearchQuery, release: int) -> tuple[str, list[Any]]:
    clauses = [_clause(query.resource_type, release, each) for each in query.criteria]
    where = " AND ".join(["r.release = ? AND r.type = ?", *(clause.sql for clause in clauses)])
    args = [release, query.resource_type, *(arg for clause in clauses for arg in clause.args)]
    return where, args


def _body(query: SearchQuery) -> str:
    return "coalesce(r.head, r.body)" if query.heads else "r.body"


def _clause(resource_type: str, release: int, each: Criterion) -> _Clause:
    if each.parameter.expression == CONCEPT_CODE:
        found = _concept_clause(each)
    else:
        found = _value_clause(resource_type, release, each)
    absent = each.missing is True or each.modifier == "not"
    return _Clause(f"NOT {found.sql}", found.args) if absent else found


def _value_clause(resource_type: str, release: int, each: Criterion) -> _Clause:
    sql = (
        "r.key IN (SELECT v.resource FROM search_value v"
        " WHERE v.release = ? AND v.type = ? AND v.name = ?"
    )
    args = (release, resource_type, each.parameter.name)
    if each.missing is not None:
        return _Clause(f"{sql})", args)
    match = _any(_comparison(each, value) for value in each.values)
    return _Clause(f"{sql} AND {match.sql})", (*args, *match.args))


def _concept_clause(each: Criterion) -> _Clause:
    sql = "EXISTS (SELECT 1 FROM concept c WHERE c.system = r.key"
    if each.missing is not None:
        return _Clause(f"{sql})", ())
    match = _any(_concept_comparison(v) for v in each.values if isinstance(v, TokenValue))
    return _Clause(f"{sql} AND {match.sql})", match.args)


def _concept_comparison(value: TokenValue) -> _Clause:
    if value.system is None:
        return _Clause("c.code = ?", (value.code,))
    # The system of a concept is the URL of its code system; a code without system has none.
    if value.code is None:
        return _Clause("r.url = ?", (value.system,))
    return _Clause("(r.url = ? AND c.code = ?)", (value.system, value.code))


def _any(clauses: Iterable[_Clause]) -> _Clause:
    each = list(clauses)
    return _Clause(
        f"({' OR '.join(clause.sql for clause in each)})",
        tuple(arg for clause in each for arg in clause.args),
    )


def _comparison(each: Criterion, value: Value) -> _Clause:
    match value:
        case TokenValue():
            return _token(each.parameter, value)
        case StringValue():
            return _string(each.modifier, value)
        case UriValue():
            return _uri(each.modifier, value)
        case ReferenceValue(None, resource_id):
            return _Clause("v.folded = ?", (resource_id,))
        case ReferenceValue(of, resource_id):
            return _Clause("v.value = ?", (f"{of}/{resource_id}",))
        case DateValue(comparator, start, end):
            return _date(comparator, start, end)


def _token(parameter: SearchParameter, value: TokenValue) -> _Clause:
    # A bare code has no system in the resource; FHIR's binding says which one it is of.
    system = None if value.system == parameter.codes_of else value.system
    terms: dict[str, tuple[str, ...]] = {}
    if system == "" or (value.system and system is None):
        terms["v.system IS NULL"] = ()
    elif system is not None:
        terms["v.system = ?"] = (system,)
    if value.code is not None:
        terms["v.value = ?"] = (value.code,)
    args = tuple(arg for given in terms.values() for arg in given)
    return _Clause(f"({' AND '.join(terms)})", args)


def _string(modifier: str | None, value: StringValue) -> _Clause:
    if modifier == "exact":
        return _Clause("v.value = ?", (value.text,))
    folded = fold(value.text)
    if modifier == "contains":
        for special in "!%_":
            folded = folded.replace(special, f"!{special}")
        return _Clause("v.folded LIKE ? ESCAPE '!'", (f"%{folded}%",))
    return _Clause("substr(v.folded, 1, ?) = ?", (len(folded), folded))


def _uri(modifier: str | None, value: UriValue) -> _Clause:
    if value.version is not None:
        return _Clause("(v.value = ? AND v.system = ?)", (value.uri, value.version))
    if modifier == "below":
        below = value.uri.rstrip("/") + "/"
        return _Clause("(v.value = ? OR substr(v.value, 1, ?) = ?)", (value.uri, len(below), below))
    return _Clause("v.value = ?", (value.uri,))


def _date(comparator: str, start: str, end: str) -> _Clause:
    sql = _DATES[comparator]
    args = {"start": start, "end": end}
    return _Clause(
        re.sub(r":(start|end)", "?", sql), tuple(args[name] for name in re.findall(r":(\w+)", sql))
    )
