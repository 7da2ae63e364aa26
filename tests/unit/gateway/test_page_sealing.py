"""The page's sealing module (libsodium in JavaScript) and the Python client (PyNaCl) read one another."""

import base64
import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from nacl.public import PublicKey, SealedBox

from infra.sealing import OfficerKey, open_attachment, open_layer, seal
from tests.support.sample_files import PDF

ROOT = Path(__file__).parents[3]
ASSETS = ROOT / "gateway" / "assets"
OUTER, INNER = OfficerKey(bytes(range(32))), OfficerKey(bytes(range(32, 64)))
OFFER = {"price_fen": 150_000, "plan": "一项目一方案 “…”", "teachers": ["示例师"], "places": ["示例车间"]}
LONG = PDF + bytes(512 * 1024)
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory):
    """Runs a function of the module in node."""
    with FileLock(tmp_path_factory.getbasetemp().parent / "assets.lock"):
        if not (ASSETS / "node_modules" / "libsodium-wrappers").exists():
            install = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            subprocess.run(install, cwd=ASSETS, check=True, capture_output=True, timeout=270)
    script = Path(__file__).with_name("sealing.mjs")

    def run(do: str, **asked: Any) -> dict[str, Any]:
        done = subprocess.run(
            ("node", str(script)), input=json.dumps({"do": do, **asked}), text=True, capture_output=True,
            timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def notice(*keys: OfficerKey) -> dict[str, Any]:
    listed = [
        {"layer": layer, "key_id": key.key_id, "public_key": key.public_key}
        for layer, key in enumerate(keys, 1)
    ]
    return {"id": "sourcing", "opening_keys": listed[::-1]}


def handed_out(layer: int, key: OfficerKey, content: str, receipt: str, commitment: str) -> dict[str, Any]:
    item = {"bid_id": "b", "receipt": receipt, "commitment": commitment, "content": content}
    return {"key_id": key.key_id, "layer": layer, "items": [item]}


def test_keys_have_one_name_on_both_sides(page):
    assert page("named", key=b64(OUTER.private))["answer"] == {
        "keyId": OUTER.key_id,
        "publicKey": OUTER.public_key,
    }
    made = page("key")["answer"]
    again = OfficerKey(base64.b64decode(made["privateKey"]))
    assert (again.key_id, again.public_key) == (made["keyId"], made["publicKey"])


def test_the_vector_of_a_key_stands(page):
    """A change of the naming would part old keys from new clients."""
    assert (
        OUTER.key_id
        == sha256(base64.b64decode("j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8=")).hexdigest()[:32]
    )


def test_the_page_answers_a_challenge(page):
    challenge = b64(SealedBox(PublicKey(OUTER.public)).encrypt(b"p" * 32))
    registered = {"id": OUTER.key_id, "challenge": challenge}
    told = page("proof", registered=registered, key=b64(OUTER.private))["answer"]
    assert base64.b64decode(told["proof"]) == b"p" * 32
    assert "refused" in page("proof", registered=registered, key=b64(INNER.private))


def test_what_the_page_seals_the_python_client_opens(page):
    files = [{"name": "方案.pdf", "content": b64(LONG)}]
    sealed = page("seal", offer=OFFER, notice=notice(OUTER, INNER), files=files)["answer"]
    receipt, body = sealed["receipt"], sealed["body"]
    assert receipt == sha256(base64.b64decode(body["ciphertext"])).hexdigest()
    content = body["ciphertext"]
    for layer, key in enumerate((OUTER, INNER), 1):
        given = handed_out(layer, key, content, receipt, body["seal"]["commitment"])
        content = open_layer(given, key)["bids"][0]["content"]
    plain = base64.b64decode(content)
    text = json.loads(plain)
    assert len(plain) % 1024 == 0
    assert {name: text[name] for name in OFFER} == OFFER
    assert (text["sourcing_id"], text["provider_ref"], len(text["salt"])) == ("sourcing", "a", 64)
    whole = b"".join(base64.b64decode(part["content"]) for part in sealed["parts"])
    assert open_attachment(text["attachments"][0], whole) == LONG
    told = {
        "upload_id": sealed["parts"][0]["upload_id"],
        "size": len(whole),
        "sha256": sha256(whole).hexdigest(),
    }
    assert body["attachments"] == [told]


def test_what_the_python_client_seals_the_page_opens(page):
    bid = seal(OFFER, notice(OUTER, INNER), "a")
    content = bid.body["ciphertext"]
    for layer, key in enumerate((OUTER, INNER), 1):
        given = handed_out(layer, key, content, bid.receipt, bid.body["seal"]["commitment"])
        content = page("open", sealed=given, key=b64(key.private))["answer"]["bids"][0]["content"]
    assert base64.b64decode(content) == bid.plaintext


def test_the_page_tells_what_does_not_open_and_what_was_swapped(page):
    bid = seal(OFFER, notice(INNER, OUTER), "a")
    commitment = bid.body["seal"]["commitment"]
    for receipt, problem in ((bid.receipt, "the key does not open it"), ("0" * 64, "receipt")):
        given = handed_out(1, OUTER, bid.body["ciphertext"], receipt, commitment)
        (brought,) = page("open", sealed=given, key=b64(OUTER.private))["answer"]["bids"]
        assert problem in brought["problem"]
        assert "content" not in brought
    assert "refused" in page("open", sealed=given, key=b64(INNER.private))


def test_the_page_seals_for_no_other_keys_than_the_officers_named(page):
    forged = notice(OUTER, INNER)
    forged["opening_keys"][0]["public_key"] = OfficerKey.generate().public_key
    assert "names" in page("seal", offer=OFFER, notice=forged)["refused"]
    assert "two different" in page("seal", offer=OFFER, notice=notice(OUTER, OUTER))["refused"]
    others = [INNER.key_id, OUTER.key_id]
    assert "officers" in page("seal", offer=OFFER, notice=notice(OUTER, INNER), expected=others)["refused"]
    named = page("seal", offer=OFFER, notice=notice(OUTER, INNER), expected=others[::-1])
    assert named["answer"]["body"]["seal"]["key_ids"] == [OUTER.key_id, INNER.key_id]
    assert (
        "bytes"
        in page("seal", offer=OFFER, notice=notice(OUTER, INNER), files=[{"name": "x", "content": ""}])[
            "refused"
        ]
    )
