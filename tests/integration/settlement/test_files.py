"""Files of a claim, through the gateway to the database and back."""

import hashlib
import os
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests

from contracts.vocabularies import files as words
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from services.chassis.actor import Actor
from services.chassis.clock import real_now
from services.settlement import filing
from tests.integration.settlement.world import FINANCE, FIRST, PAYMENT, SECOND, Plain, Town
from tests.support import backends
from tests.support import sample_files as sample
from tests.support.gateway import Client, Gateway
from tests.support.services import Running, wait_for
from tests.support.standin import TOKEN, StandIn

# finds what clamd's own test pattern finds, without carrying the pattern itself
SCANNER = "import sys; bad = b'INFECTED' in sys.stdin.buffer.read(); print('Test.Threat'); sys.exit(bad)"


@dataclass
class Desk:
    """A town with a gateway, a provider's client and its claim."""

    town: Town
    gateway: Gateway
    client: Client
    body_ref: str

    def claim(self) -> str:
        """Return a new claim of the provider."""
        by = Actor("facts", frozenset({"provider"}), body_ref=self.body_ref)
        project, _ = self.town.training(by, self.town.people(1))
        answer = self.client.post("/v1/claims", {"kind": "project_advance", "project_id": project})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def send(
        self,
        claim: str,
        content: bytes,
        name: str = "材料.pdf",
        kind: str = "other",
        client: Client | None = None,
        **more: Any,
    ) -> requests.Response:
        """Upload a file as the provider, or as another."""
        who = client or self.client
        url = f"{who.base}/v1/claims/{claim}/files"
        return who.http.post(url, data={"kind": kind}, files={"file": (name, content)}, timeout=60, **more)

    def fetch(self, claim: str, file: str, client: Client | None = None) -> requests.Response:
        """Download a file."""
        return (client or self.client).get(f"/v1/claims/{claim}/files/{file}/content")


@pytest.fixture(scope="module")
def desk(stack: backends.Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Settlement with a scanner, intake and a gateway."""
    folder = tmp_path_factory.mktemp("scan")
    script = folder / "scan.py"
    script.write_text(SCANNER)
    standin = StandIn(folder)
    standin.start()
    outside = {
        "WUDAN_BANK_URL": f"{standin.url}/bank",
        "WUDAN_BANK_TOKEN": TOKEN,
        "WUDAN_REGISTRY_URL": f"{standin.url}/registry",
        "WUDAN_REGISTRY_TOKEN": TOKEN,
        "WUDAN_SCAN_COMMAND": f"{sys.executable} {script}",
    }
    sandbox = stack.sandbox(("intake", "settlement", "gateway"))
    extra = {"intake": outside, "settlement": outside}
    try:
        with Running(sandbox, ("intake", "settlement"), extra) as running, Gateway(sandbox) as gateway:
            client = gateway.sign_up("provider")
            code = make_credit_code(7)
            body = {
                "kind": "provider",
                "credit_code": code,
                "name": f"演示单位{code[-4:]}",
                "region": "370611",
            }
            ref = client.post("/v1/bodies", body).json()["id"]
            town = Town(running)
            town.await_copies("bodies", [ref], {"verified": True})
            yield Desk(town, gateway, client, ref)
    finally:
        sandbox.drop()
        standin.kill()


def code_of(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_file_comes_back_as_it_was_added(desk: Desk) -> None:
    claim = desk.claim()
    content = sample.PDF + os.urandom(3 * words.PART_BYTES)
    answer = desk.send(claim, content, "培训 计划.pdf", "training_plan")
    assert answer.status_code == 201, answer.text
    file = answer.json()
    assert (file["sha256"], file["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (file["content_type"], file["name"], file["scan"]) == (words.PDF, "培训 计划.pdf", "waiting")
    got = desk.fetch(claim, file["id"])
    assert got.content == content
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    officer = desk.gateway.officer(["first_reviewer"], "370600")
    assert desk.fetch(claim, file["id"], officer).content == content
    elsewhere = desk.gateway.officer(["first_reviewer"], "370200")
    other = desk.gateway.sign_up("provider")
    for client in (elsewhere, other):
        assert code_of(desk.fetch(claim, file["id"], client)) == (404, "not_found")
    told = desk.town.db.outbox.find_one({"subject": claim, "type": "settlement.claim.file_added"})
    assert told["event"]["data"]["sha256"] == file["sha256"]
    listed = officer.get(f"/v1/claims/{claim}/files").json()["items"]
    assert [each["id"] for each in listed] == [file["id"]]


def test_what_is_hostile_or_wrong_is_refused_and_leaves_no_row(desk: Desk) -> None:
    claim = desk.claim()
    for content, name, kind, code in [
        (sample.HTML, "a.pdf", "other", (415, "settlement.file_type")),
        (sample.PROGRAM, "a.pdf", "other", (415, "settlement.file_type")),
        (sample.DOCX_WITH_MACROS, "a.docx", "contract", (415, "settlement.file_type")),
        (sample.MP4, "a.mp4", "payroll", (415, "settlement.file_type")),
        (sample.PDF, "a.html", "other", (422, "settlement.file_name")),
        (sample.PDF, "a\u202efdp.pdf", "other", (422, "settlement.file_name")),
        (b"", "a.pdf", "other", (422, "settlement.file_empty")),
        (sample.PDF + bytes(20_000_000), "a.pdf", "other", (413, "settlement.file_too_large")),
        (sample.PDF, "a.pdf", "nonsense", (422, "invalid")),
    ]:
        assert code_of(desk.send(claim, content, name, kind)) == code, (name, kind)
    too_large = desk.send(claim, bytes(words.LARGEST_OF_ALL + 100_000), "a.mp4", "video")
    assert code_of(too_large) == (413, "gateway.too_large")
    as_json = desk.client.post(f"/v1/claims/{claim}/files", {"kind": "other", "file": "a.pdf"})
    assert code_of(as_json) == (415, "gateway.media_type")
    url = f"{desk.client.base}/v1/claims/{claim}/files"
    named_only = desk.client.http.post(
        url, files={"kind": (None, "other"), "file": (None, "a.pdf")}, timeout=30
    )
    assert code_of(named_only) == (422, "invalid")
    assert desk.town.db.claim_files.count_documents({"claim_id": claim}) == 0


def test_only_the_claimant_adds_and_only_while_it_is_open(desk: Desk) -> None:
    claim = desk.claim()
    other = desk.gateway.sign_up("provider")
    assert code_of(desk.send(claim, sample.PDF, client=other)) == (403, "owner.forbidden")
    officer = desk.gateway.officer(["first_reviewer"], "370600")
    assert code_of(desk.send(claim, sample.PDF, client=officer)) == (403, "role.forbidden")
    assert code_of(desk.send("nowhere", sample.PDF)) == (404, "not_found")
    desk.town.db.claims.update_one({"_id": claim}, {"$set": {"status": "accepted"}})
    assert code_of(desk.send(claim, sample.PDF)) == (409, "settlement.files_closed")


def test_the_same_content_twice_and_the_same_request_twice(desk: Desk) -> None:
    claim = desk.claim()
    headers = {"Idempotency-Key": f"key-of-{claim}"}
    first = desk.send(claim, sample.PNG, "a.png", headers=headers)
    again = desk.send(claim, sample.PNG, "a.png", headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json()["id"] == again.json()["id"]
    same = desk.send(claim, sample.PNG, "b.png")
    assert code_of(same) == (409, "settlement.file_known")
    assert desk.town.db.claim_files.count_documents({"claim_id": claim}) == 1
    assert desk.send(desk.claim(), sample.PNG, "a.png").status_code == 201


def test_evidence_edited_in_the_database_is_found_and_marked(desk: Desk) -> None:
    claim = desk.claim()
    file = desk.send(claim, sample.PDF + bytes(words.PART_BYTES)).json()["id"]
    row = {"_id": f"{file}:0001"}
    raw = bytes(desk.town.db.file_parts.find_one(row)["data"])
    desk.town.db.file_parts.update_one(row, {"$set": {"data": b"\1" + raw[1:]}})
    for _ in range(2):
        assert code_of(desk.fetch(claim, file)) == (409, "settlement.evidence_edited")
    (shown,) = desk.client.get(f"/v1/claims/{claim}/files").json()["items"]
    assert shown["edited_at"] is not None
    told = {"subject": claim, "type": "settlement.claim.file_edited"}
    assert desk.town.db.outbox.count_documents(told) == 1


def test_evidence_found_edited_after_the_first_review_is_not_paid_on(town: Town) -> None:
    town.budget(10_000_000_00)
    by = town.provider()
    claim = town.advance(by, town.training(by, town.people(1))[0])["id"]
    whole = attach(town, by, claim, "upload-whole", sample.PDF)["id"]
    assert town.call("open_file", FIRST, claim_id=claim, file_id=whole)["edited_at"] is None
    town.running.clock.advance_to(max(town.to_notice(claim), town.now))
    row = {"file_id": whole}
    raw = bytes(town.db.file_parts.find_one(row)["data"])
    town.db.file_parts.update_one(row, {"$set": {"data": b"\1" + raw[1:]}})
    with pytest.raises(Refusal, match="evidence_edited"):
        town.call("open_file", FIRST, claim_id=claim, file_id=whole)
    town.step("request_funds", SECOND, claim)
    town.step("finance_review", FINANCE, claim)
    with pytest.raises(Refusal, match="evidence_edited"):
        town.step("order_payment", PAYMENT, claim)
    assert town.status(claim) == "finance_reviewed"
    town.step("refuse_claim", PAYMENT, claim)
    town.sound()


def test_the_scanner_is_heard(desk: Desk) -> None:
    claim = desk.claim()
    good = desk.send(claim, sample.PDF).json()["id"]
    bad = desk.send(claim, sample.PDF + b"INFECTED").json()["id"]

    def scans() -> dict[str, str]:
        return {row["_id"]: row["scan"] for row in desk.town.db.claim_files.find({"claim_id": claim})}

    wait_for(lambda: scans() == {good: "clean", bad: "infected"}, 30, "scanned")
    assert code_of(desk.fetch(claim, bad)) == (409, "settlement.file_infected")
    assert desk.fetch(claim, good).status_code == 200


def test_without_a_scanner_it_is_said(town: Town) -> None:
    by = town.provider()
    claim = town.advance(by, town.training(by, town.people(1))[0])["id"]
    assert attach(town, by, claim, "upload-a", sample.PDF)["scan"] == "not_scanned"
    (shown,) = town.call("list_files", FIRST, claim_id=claim)["items"]
    assert shown["scan"] == "not_scanned"


def attach(town: Town, by: Actor, claim: str, upload: str, content: bytes, **changes: Any) -> dict[str, Any]:
    """Send parts and make a file of them, as the gateway does."""
    parts = [content[at : at + words.PART_BYTES] for at in range(0, len(content), words.PART_BYTES)]
    for number, raw in enumerate(parts):
        put(town, by, claim, upload, number, raw)
    told = {"kind": "other", "name": "a.pdf", "sha256": hashlib.sha256(content).hexdigest()}
    body = {"claim_id": claim, "upload_id": upload, "size": len(content), **told, **changes}
    return town.call("attach_file", by, **body)


def put(town: Town, by: Actor, claim: str, upload: str, number: int, raw: bytes) -> None:
    from base64 import b64encode

    body = {"claim_id": claim, "upload_id": upload, "number": number, "content": b64encode(raw).decode()}
    town.call("put_file_part", by, **body)


def refused(run: Any) -> str:
    with pytest.raises(Refusal) as raised:
        run()
    return raised.value.code


def test_parts_that_lie_are_refused_and_swept(town: Town) -> None:
    by = town.provider()
    claim = town.advance(by, town.training(by, town.people(1))[0])["id"]
    wrong = {"sha256": "0" * 64}
    assert (
        refused(lambda: attach(town, by, claim, "lie-1", sample.PDF, **wrong)) == "settlement.file_incomplete"
    )
    assert (
        refused(lambda: attach(town, by, claim, "lie-2", sample.PDF, size=9)) == "settlement.file_incomplete"
    )
    assert refused(lambda: put(town, by, claim, "lie-1", 0, b"other")) == "settlement.file_incomplete"
    other = town.advance(by, town.training(by, town.people(1))[0])["id"]
    assert refused(lambda: put(town, by, other, "lie-1", 1, b"other")) == "settlement.file_incomplete"
    assert refused(lambda: put(town, by, claim, "lie-3", 0, bytes(words.PART_BYTES + 1))) == "invalid"
    for number in range(18):
        put(town, by, claim, f"open-{number}", 0, b"x")
    assert refused(lambda: put(town, by, claim, "open-99", 0, b"x")) == "settlement.too_many_files"
    kept = attach(town, by, other, "good", sample.PDF)["id"]
    town.db.file_uploads.update_many({}, {"$set": {"at": real_now() - timedelta(hours=2)}})
    reader = Swept(town)
    filing.sweep(reader, reader.transact)  # type: ignore[arg-type]  # what sweeping needs of a reader
    assert town.db.file_parts.distinct("file_id") == [kept] or kept in town.db.file_parts.distinct("file_id")
    assert town.db.file_parts.count_documents({"file_id": {"$regex": "^(lie|open)"}}) == 0
    assert town.call("open_file", by, claim_id=other, file_id=kept)["edited_at"] is None


class Swept(Plain):
    """Reads as a job does, and deletes an upload's row as its unit would."""

    def __init__(self, town: Town) -> None:
        super().__init__(town.db)
        self.database = town.db

    def transact(self, run: Any) -> Any:
        """Run with this in place of a unit."""
        return run(self)

    def delete(self, collection: str, id: str) -> None:
        """Delete a row."""
        self.database[collection].delete_one({"_id": id})


def test_clamd_is_spoken_to_as_it_wants(tmp_path: Any) -> None:
    from services.chassis.outside import OutsideUnavailable
    from services.chassis.outside_scan import SocketScanner, scanner_of

    path = str(tmp_path / "clamd")
    heard: list[bytes] = []
    answers = [
        b"stream: OK\0",
        b"stream: Test.Threat FOUND\0",
        b"stream: INSTREAM size limit exceeded. ERROR\0",
    ]
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()

    def serve() -> None:
        for answer in answers:
            link, _ = server.accept()
            with link, link.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack(">I", stream.read(4))[0]:
                    content += stream.read(length)
                heard.append(content)
                link.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    scanner = scanner_of("", path)
    assert isinstance(scanner, SocketScanner)
    assert scanner.scan([b"ab", bytes(70_000)]).found is None
    assert scanner.scan([b"cd"]).found == "Test.Threat"
    with pytest.raises(OutsideUnavailable):
        scanner.scan([b"ef"])
    thread.join(10)
    server.close()
    assert heard == [b"ab" + bytes(70_000), b"cd", b"ef"]
    with pytest.raises(OutsideUnavailable):
        scanner.scan([b"gone"])
    with pytest.raises(OutsideUnavailable):
        scanner_of("/nonexistent/scanner", "").scan([b"x"])  # type: ignore[union-attr]
    assert scanner_of("", "") is None
