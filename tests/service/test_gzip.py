"""Compression: asked for, large enough, and only then."""

import gzip

import pytest
from flask.testing import FlaskClient

from service.negotiation import accepts_gzip
from tests.service.asking import LOOKUP

LARGE, SMALL = f"/r4/{LOOKUP}", "/r4/$versions"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("deflate,gzip", True),
        ("gzip ; q = 0.5", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, deflate", False),
        ("x-gzipped", False),
        ("br", False),
        ("gzip;q=much", False),
    ],
)
def test_who_takes_gzip(client: FlaskClient, header: str, expected: bool) -> None:
    assert accepts_gzip(header) is expected
    answer = client.get(LARGE, headers={"Accept-Encoding": header})
    assert ("Content-Encoding" in answer.headers) is expected
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    if expected:
        assert gzip.decompress(answer.data) == client.get(LARGE).data
        assert len(answer.data) * 3 < len(gzip.decompress(answer.data))


def test_a_small_answer_is_not_compressed(client: FlaskClient) -> None:
    answer = client.get(SMALL, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_what_comes_by_post_is_compressed_too(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip", "Accept": "application/fhir+xml"}
    answer = client.post(LARGE, headers=headers)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data).startswith(b"<")


def test_compressing_is_the_same_each_time(client: FlaskClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    assert client.get(LARGE, headers=headers).data == client.get(LARGE, headers=headers).data
