"""Valid requests, spoilt at random: never a fault, always FHIR in the format asked for."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import quote

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.fhir import convert, xml
from terminology.operations.registry import OPERATIONS
from tests.service.asking import (
    BASES,
    CPT,
    FORM,
    JSON,
    LOOKUP,
    MODIFIERS,
    USABLE,
    XML,
    Json,
    check_answer,
)
from tests.service.valid_requests import REQUESTS

NASTY: st.SearchStrategy[Any] = st.sampled_from(
    [
        None, True, False, 0, -1, 1.5, 2**31, 2**63, 2**70, 1e300, "", "\0", "\ud800", "\uffff",
        "x" * 10_000, "$lookup", "../..", "http://[", "%ff", "a|b|c", "{0}", "*", "GET", "batch",
        [], {}, [[]], [None], [{}], {"a": None}, {"": ""}, {"resourceType": "Patient"},
        {"resourceType": "Bundle", "type": "batch"}, {"extension": [{"url": "x"}]},
    ]
)  # fmt: skip
VALUES = NASTY | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(
    "name valueCode valueString valueCoding valueX value _valueCode resource part extension id"
    " resourceType parameter entry request url method fullUrl coding code item modifier quantity"
    " _status contained reference insurance servicedDate".split()
) | st.text(max_size=4)
HOW = st.sampled_from(["replace", "remove", "repeat", "rename", "add", "wrap"])


def test_every_operation_is_tried(app: Flask) -> None:
    assert set(REQUESTS) - {""} == {f"{each.resource_type}/${each.name}" for each in OPERATIONS}
    for path, body in REQUESTS.items():
        answer = app.test_client().post(f"/r5/{path}", json=body)
        assert answer.status_code == 200, answer.data


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with each of its keys."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def spoil(body: Json, draw: Any) -> Json:
    """The body, spoilt at one to three places."""
    body = deepcopy(body)
    for _ in range(draw(st.integers(1, 3))):
        found = list(places(body))
        if not found:
            break
        inside, key = draw(st.sampled_from(found))
        how = draw(HOW)
        if how == "replace":
            inside[key] = deepcopy(draw(VALUES))
        elif how == "remove":
            del inside[key]
        elif how == "wrap":
            inside[key] = draw(st.sampled_from([[inside[key]], {"value": inside[key]}]))
        elif isinstance(inside, list):
            inside.insert(key, deepcopy(inside[key]))
        elif how == "rename":
            inside[draw(KEYS)] = inside.pop(key)
        else:
            inside[draw(KEYS)] = deepcopy(draw(VALUES))
    return body


@given(
    st.sampled_from(sorted(REQUESTS)),
    st.sampled_from(sorted(BASES)),
    st.sampled_from([JSON, XML]),
    st.booleans(),
    st.data(),
)
@settings(max_examples=300)
def test_a_spoilt_body(
    app: Flask, path: str, base: str, accept: str, strict: bool, data: st.DataObject
) -> None:
    good = convert.to_version(REQUESTS[path], BASES[base])
    body = json.dumps(spoil(good, data.draw))
    headers = {"Accept": accept} | ({"Prefer": "handling=strict"} if strict else {})
    answer = app.test_client().post(
        f"/{base}/{path}", data=body, content_type=JSON, headers=headers
    )
    assert answer.mimetype == accept
    check_answer(answer, f"/{base}")


@given(st.sampled_from(sorted(REQUESTS)), st.sampled_from([JSON, XML]), st.data())
@settings(max_examples=200)
def test_spoilt_bytes(app: Flask, path: str, kind: str, data: st.DataObject) -> None:
    good = convert.to_version(REQUESTS[path], BASES["r4"])
    body = xml.dumps(good, BASES["r4"]) if kind == XML else json.dumps(good).encode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(start + 8, len(body))))
        between = data.draw(st.binary(max_size=4) | st.just(body[start:end] * 2))
        body = body[:start] + between + body[end:]
    answer = app.test_client().post(f"/r4/{path}", data=body, content_type=kind)
    check_answer(answer, "/r4")


NAMES = st.sampled_from(
    "system url code version display coding codeableConcept date count offset filter property"
    " useSupplement valueSetVersion systemVersion inferSystem abstract displayLanguage _count"
    " _offset _format _summary _elements _include _revinclude _id _sort _total _has:X:y:z name"
    " name:exact url:below status:not identifier coverage-benefit-type owned-by owned-by.name"
    " tx-resource activeOnly mode".split()
) | st.text(max_size=5)
TEXTS = st.sampled_from(
    [CPT, USABLE, MODIFIERS, "37244", "json", "xml", "true", "5", "-1", "*", "|", "a|b|c", "", "\0",
     "InsurancePlan:owned-by", "Provenance:target", "x" * 10_000, "2026-11", "\\,", "http://[", "%"]
) | st.text(max_size=6)  # fmt: skip
QUERIES = st.lists(st.tuples(NAMES, TEXTS), max_size=5)
SEGMENTS = st.sampled_from(
    "CodeSystem ValueSet InsurancePlan Organization Provenance SearchParameter _search $lookup"
    " $validate-code $expand cpt modifiers-37244 metadata $versions %2F .. ; %00 é $".split()
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4)


@given(
    st.sampled_from(sorted(BASES)),
    st.lists(SEGMENTS, max_size=4),
    QUERIES,
    QUERIES,
    st.sampled_from(["GET", "POST", "HEAD", "PUT", "OPTIONS"]),
    st.sampled_from([JSON, XML, "text/html", "*/*"]),
)
@settings(max_examples=300)
def test_any_address(
    app: Flask,
    base: str,
    segments: list[str],
    query: list[tuple[str, str]],
    form: list[tuple[str, str]],
    method: str,
    accept: str,
) -> None:
    path = "/".join([f"/{base}", *(quote(segment, safe="%") for segment in segments)])
    answer = app.test_client().open(
        f"{path}?{_written(query)}",
        method=method,
        data=_written(form) if method == "POST" else None,
        content_type=FORM,
        headers={"Accept": accept},
    )
    assert answer.mimetype != "text/html" or not answer.data
    if method in ("GET", "POST", "PUT"):
        check_answer(answer, f"/{base}")
    assert answer.status_code < 500


def _written(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(n, safe='', errors='replace')}={quote(v, safe='')}" for n, v in pairs)


@given(st.dictionaries(
    st.sampled_from(["Accept", "Prefer", "If-None-Match", "Accept-Encoding", "Host", "Origin",
                     "Content-Encoding", "Accept-Language", "X-Request-Id", "Content-Type"]),
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=30),
    max_size=4,
))  # fmt: skip
@settings(max_examples=100)
def test_any_headers(app: Flask, headers: dict[str, str]) -> None:
    for path in (f"/r4/{LOOKUP}", "/r5/CodeSystem?_count=1", "/r4b/nowhere"):
        answer = app.test_client().get(path, headers=headers)
        assert answer.status_code < 500
        if "Content-Encoding" not in answer.headers:
            check_answer(answer, path)
