"""Bodies, keys and versions: whatever comes in, it is read strictly or refused, never an error of ours."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabularies.errors import Refusal
from gateway.api import reading


def parsed(app, raw, content_type="application/json", limit=1000):
    with app.test_request_context("/", method="POST", data=raw, content_type=content_type):
        return reading._json_object(limit)


BROKEN = {
    "cut off": b'{"a": ',
    "no object": b"[1]",
    "a number": b"1",
    "NaN": b'{"a": NaN}',
    "a name twice": b'{"a": 1, "a": 2}',
    "not UTF-8": b'{"a": "\xff"}',
    "half a surrogate": b'{"a": "\\ud800"}',
    "text after the end": b"{} {}",
    "a number of 5,000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "nothing": b"",
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
def test_broken_json_is_refused(app, raw):
    with pytest.raises(Refusal) as refused:
        parsed(app, raw, limit=10_000)
    assert refused.value.code == "gateway.bad_json"


def test_absurd_depth_is_refused(app):
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    with pytest.raises(Refusal) as refused:
        parsed(app, deep, limit=10_000_000)
    assert refused.value.code == "gateway.bad_json"


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "", "x"],
)
def test_other_media_types_are_415(app, kind):
    with pytest.raises(Refusal) as refused:
        parsed(app, b'{"a": 1}', kind)
    assert refused.value.status == 415


def test_a_compressed_body_is_415(app):
    headers = {"Content-Encoding": "gzip"}
    kind = "application/json"
    with (
        app.test_request_context("/", method="POST", data=b"{}", content_type=kind, headers=headers),
        pytest.raises(Refusal) as refused,
    ):
        reading._json_object(1000)
    assert refused.value.status == 415


def test_a_body_at_the_limit_passes_and_one_byte_more_is_413(app):
    raw = json.dumps({"a": "x" * 100}).encode()
    assert parsed(app, raw, limit=len(raw)) == {"a": "x" * 100}
    with pytest.raises(Refusal) as refused:
        parsed(app, raw, limit=len(raw) - 1)
    assert refused.value.status == 413


def outcome(app, raw):
    """Return what was read, or the status of the refusal."""
    try:
        return parsed(app, raw)
    except Refusal as refusal:
        return refusal.status


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_refusal(app, raw):
    read = outcome(app, raw)
    assert isinstance(read, dict) or read in (400, 413, 415)


@given(
    body=st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.none(), max_size=5)
)
def test_any_object_comes_through_unchanged(app, body):
    assert outcome(app, json.dumps(body).encode()) == body


@given(text=st.text(alphabet=st.characters(categories=["Cs"]), min_size=1, max_size=3))
def test_half_surrogates_are_refused(app, text):
    raw = json.dumps({"a": f"x{text[0]}y"}).encode()
    assert outcome(app, raw) == 400


KEYS = {"ok-1": True, "x" * 128: True, "x" * 129: False, "": False, "a b": False, "é": False, "a\tb": False}


@pytest.mark.parametrize(("key", "good"), KEYS.items())
def test_the_format_of_an_idempotency_key(app, key, good):
    with app.test_request_context("/", headers={"Idempotency-Key": key}):
        if good:
            assert reading.idempotency_key() == key
        else:
            with pytest.raises(Refusal) as refused:
                reading.idempotency_key()
            assert refused.value.code == "gateway.key_format"


def test_a_key_is_made_when_none_is_given(app):
    with app.test_request_context("/"):
        assert reading.idempotency_key() != reading.idempotency_key()


MATCHES = {'"3"': 3, 'W/"3"': 3, '"12-0a1b"': 12, "*": None, "": None}


@pytest.mark.parametrize(("given_tag", "version"), MATCHES.items())
def test_if_match_gives_the_version(app, given_tag, version):
    with app.test_request_context("/", headers={"If-Match": given_tag}):
        assert reading.expected_version() == version


@pytest.mark.parametrize("given_tag", ["3", '"x"', '"-1"', '"3", "4"', '"' + "9" * 30 + '"'])
def test_another_if_match_is_refused(app, given_tag):
    with app.test_request_context("/", headers={"If-Match": given_tag}), pytest.raises(Refusal) as refused:
        reading.expected_version()
    assert refused.value.status == 400
