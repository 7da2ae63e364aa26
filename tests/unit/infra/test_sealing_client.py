"""The client of sealed bids from the command line: keys, sealing, sending, opening, checking."""

import base64
import json
import subprocess
import sys
import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner
from nacl.public import PublicKey, SealedBox

from infra.sealing import OfficerKey, SealingError, keyfile, open_attachment, open_layer
from infra.sealing.__main__ import main
from tests.support.sample_files import PDF

PASSPHRASE = "eine lange Losung"
OFFER = {"price_fen": 150_000, "plan": "一项目一方案", "teachers": ["示例师"], "places": ["示例车间"]}


def run(*args, fails=False, **env):
    result = CliRunner().invoke(
        main, [str(each) for each in args], env={"WUDAN_KEY_PASSPHRASE": PASSPHRASE, **env}
    )
    assert (result.exception is not None) == fails, result.output
    return result.exception if fails else result.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two officers' key files, a notice that names them, and a sealed bid with an attachment."""
    root = tmp_path_factory.mktemp("sealing")
    keys = []
    for layer in (1, 2):
        told = json.loads(run("keygen", root / f"key-{layer}"))
        raw = base64.b64decode(told["public_key"])
        keys.append(
            {"layer": layer, "key_id": sha256(raw).hexdigest()[:32], "public_key": told["public_key"]}
        )
    (root / "notice").write_text(json.dumps({"id": "sourcing", "opening_keys": keys, "bids": []}))
    (root / "offer").write_text(json.dumps(OFFER))
    (root / "方案.pdf").write_bytes(PDF)
    names = [item for key in keys for item in ("--key", key["key_id"])]
    run(
        "seal",
        root / "notice",
        root / "offer",
        "--as",
        "a",
        "--attach",
        root / "方案.pdf",
        *names,
        "--out",
        root / "bid",
    )
    return root


def read(path):
    return json.loads(path.read_text())


def test_a_key_file_is_its_owners_alone_and_holds_no_private_half(made):
    path = made / "key-1"
    key = keyfile.read(path, PASSPHRASE)
    text = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert base64.b64encode(key.private).decode() not in text
    assert read(path)["key_id"] == key.key_id
    with pytest.raises(SealingError, match="passphrase"):
        keyfile.read(path, "another passphrase")
    assert "not written over" in str(run("keygen", path, fails=True))
    assert "12 characters" in str(run("keygen", made / "short", fails=True, WUDAN_KEY_PASSPHRASE="short"))
    (made / "broken").write_text("{}")
    for other in (made / "broken", made / "nothing"):
        with pytest.raises(SealingError, match="no key file"):
            keyfile.read(other, PASSPHRASE)


def test_a_registration_is_answered(made):
    key = keyfile.read(made / "key-1", PASSPHRASE)
    challenge = SealedBox(PublicKey(key.public)).encrypt(b"p" * 32)
    (made / "registered").write_text(
        json.dumps({"id": key.key_id, "challenge": base64.b64encode(challenge).decode()})
    )
    told = json.loads(run("confirm", made / "key-1", made / "registered"))
    assert base64.b64decode(told["proof"]) == b"p" * 32
    assert "not the registration" in str(run("confirm", made / "key-2", made / "registered", fails=True))


def handed_out(made, layer, content, receipt, commitment):
    key_id = read(made / "notice")["opening_keys"][layer - 1]["key_id"]
    item = {"bid_id": "sourcing:a", "receipt": receipt, "commitment": commitment, "content": content}
    (made / f"sealed-{layer}").write_text(json.dumps({"key_id": key_id, "layer": layer, "items": [item]}))


def test_two_officers_open_what_was_sealed_each_with_the_own_file(made):
    bid, kept = read(made / "bid" / "bid.json"), read(made / "bid" / "kept.json")
    commitment = bid["seal"]["commitment"]
    handed_out(made, 1, bid["ciphertext"], kept["receipt"], commitment)
    assert "another key" not in run("open", made / "key-1", made / "sealed-1", "--out", made / "open-1")
    assert "not for" in str(run("open", made / "key-2", made / "sealed-1", "--out", made / "x", fails=True))
    (brought,) = read(made / "open-1" / "openings-0000.json")["bids"]
    handed_out(made, 2, brought["content"], kept["receipt"], commitment)
    run("open", made / "key-2", made / "sealed-2", "--out", made / "open-2")
    (plain,) = read(made / "open-2" / "openings-0000.json")["bids"]
    text = json.loads(base64.b64decode(plain["content"]))
    assert {name: text[name] for name in OFFER} == OFFER
    sealed = base64.b64decode(read(made / "bid" / "part-0000.json")["content"])
    assert open_attachment(text["attachments"][0], sealed) == PDF


def test_the_published_receipt_is_compared(made):
    kept = read(made / "bid" / "kept.json")
    line = {"provider_ref": "a", "receipt": kept["receipt"], "attachments": kept["attachments"]}
    after = made / "after"
    after.write_text(json.dumps({"bids": [line]}))
    assert "is that of" in run("check", made / "bid", after)
    for bids in ([], [{**line, "receipt": "0" * 64}], [{**line, "attachments": []}]):
        after.write_text(json.dumps({"bids": bids}))
        assert "swapped" in str(run("check", made / "bid", after, fails=True))


def test_a_bidder_that_knows_the_keys_seals_for_no_others(made):
    other = OfficerKey.generate().key_id
    args = ("seal", made / "notice", made / "offer", "--as", "a", "--out", made / "never")
    assert "officers named" in str(run(*args, "--key", other, "--key", other, fails=True))
    assert not (made / "never").exists()


class Platform(BaseHTTPRequestHandler):
    """Takes what is posted; answers 503 to the first request, and what the test wants to the bid."""

    def do_POST(self):  # the name that http.server calls
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        seen = self.server.seen
        seen.append((self.path, self.headers["Authorization"], self.headers["Idempotency-Key"], body))
        status, answer = (503, {}) if len(seen) == 1 else self.server.answer(self.path, body)
        raw = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def platform():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def receipt_of(path, body):
    return 201, {"receipt": sha256(base64.b64decode(body.get("ciphertext", ""))).hexdigest()}


def test_parts_go_first_then_the_bid_and_a_repetition_keeps_its_key(made, platform):
    platform.answer = receipt_of
    url = f"http://127.0.0.1:{platform.server_port}/"
    out = run("send", made / "bid", "--url", url, WUDAN_TOKEN="t")
    assert out.strip() == read(made / "bid" / "kept.json")["receipt"]
    paths = [path for path, *_ in platform.seen]
    base = "/v1/sourcings/sourcing/bids"
    assert paths == [f"{base}/parts", f"{base}/parts", base]
    assert {who for _, who, _, _ in platform.seen} == {"Bearer t"}
    first, again, bid = (key for _, _, key, _ in platform.seen)
    assert first == again != bid
    assert platform.seen[-1][3] == read(made / "bid" / "bid.json")


def test_a_refusal_and_a_wrong_receipt_are_told(made, platform):
    url = f"http://127.0.0.1:{platform.server_port}"
    platform.answer = lambda path, body: (409, {"code": "acceptance.bids_closed", "detail": "截止"})
    assert "bids_closed" in str(run("send", made / "bid", "--url", url, fails=True))
    platform.answer = lambda path, body: (201, {"receipt": "0" * 64})
    assert "other bytes" in str(run("send", made / "bid", "--url", url, fails=True))


def test_what_goes_wrong_is_one_line(made):
    command = [sys.executable, "-m", "infra.sealing", "check", str(made / "bid"), str(made / "nothing")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


def test_an_empty_answer_opens_nothing():
    key = OfficerKey.generate()
    assert open_layer({"key_id": key.key_id, "layer": 2, "items": []}, key) == {"bids": []}
