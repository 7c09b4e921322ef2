"""Conditional reads: what a client has already is not sent again, and nothing else is withheld."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from tests.service.asking import CPT, LOOKUP, MODIFIERS

CACHEABLE = (
    f"/r4/{LOOKUP}",
    f"/r4/ValueSet/$expand?url={MODIFIERS}",
    "/r4/ValueSet/modifiers-37244/$expand",
    f"/r5/CodeSystem/$validate-code?url={CPT}&code=none",
    "/r4b/CodeSystem/cpt",
    "/r4/InsurancePlan?_count=2",
    "/r5/metadata",
    "/r5/$versions",
)


def tag_of(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.headers["ETag"]


@pytest.mark.parametrize("path", CACHEABLE)
def test_what_the_client_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    tag = tag_of(client, path)
    assert re.fullmatch(r'W/"[0-9a-f]+"', tag)
    for known in (tag, f'"other", {tag}', f'{tag}, W/"x"', "*"):
        for method in ("GET", "HEAD"):
            answer = client.open(path, method=method, headers={"If-None-Match": known})
            assert answer.status_code == 304
            assert answer.data == b""
            assert answer.headers["ETag"] == tag
            # RFC 9110, 15.4.5: what 200 would have said of caching.
            whole = client.get(path)
            for name in ("Cache-Control", "Vary"):
                assert answer.headers[name] == whole.headers[name]
            assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("known", ["", '"other"', "W/", '""', ",", "é", "x" * 5000])
def test_what_the_client_does_not_have_is_sent(client: FlaskClient, known: str) -> None:
    path = f"/r4/{LOOKUP}"
    headers = {"If-None-Match": known.encode().decode("latin-1")}
    assert client.get(path, headers=headers).status_code == 200


def test_each_request_has_a_tag_of_its_own(client: FlaskClient) -> None:
    path = f"/r4/{LOOKUP}"
    tags = [
        tag_of(client, path),
        tag_of(client, path.replace("r4", "r5")),
        tag_of(client, f"{path}&date=2024-08-01"),
        tag_of(client, path, Accept="application/fhir+xml"),
        tag_of(client, path, Host="other.example"),
        tag_of(client, path, Prefer="handling=strict"),
        tag_of(client, "/r4/metadata"),
    ]
    assert len(set(tags)) == len(tags)
    assert tag_of(client, path) == tags[0]


def test_a_start_with_other_settings_has_other_tags(app: Flask, data_folder: Path) -> None:
    path = f"/r4/{LOOKUP}"
    same = Settings(data=data_folder)
    others = [
        replace(same, default_supplements=()),
        replace(same, page_size=7),
        replace(same, base_url="https://tx.example"),
    ]
    tags = [tag_of(create_app(each).test_client(), path) for each in (same, *others)]
    assert len(set(tags)) == len(tags)
    assert tags[0] == tag_of(app.test_client(), path)


def test_errors_have_no_tag_and_are_never_withheld(client: FlaskClient) -> None:
    for wrong in ("CodeSystem/none", "nowhere", "CodeSystem?_count=x", "metadata?mode=x"):
        path = f"/r4/{wrong}"
        answer = client.get(path, headers={"If-None-Match": "*"})
        assert answer.status_code >= 400
        assert "ETag" not in answer.headers
        assert answer.data


def test_a_post_has_no_tag(client: FlaskClient) -> None:
    answer = client.post(f"/r4/{LOOKUP}", headers={"If-None-Match": "*"})
    assert answer.status_code == 200
    assert "ETag" not in answer.headers
