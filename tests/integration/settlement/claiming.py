"""What tests of claims share: claimants, finished classes, attached files, payrolls, why nobody is paid."""

import base64
import hashlib
from typing import Any

import pytest

from contracts.vocabularies.errors import Refusal
from services.chassis.actor import Actor
from tests.integration.settlement.world import Town

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 64
TAIYUAN = "140100"
ORDINARY = {"organisation": "ordinary"}
# 1,500 yuan × 120 % for consumables: Yantai's table, illustrative
CLASS_FEN = 1800_00
TRANSPORT_FEN = 5 * 10_00


def refused(town: Town, method: str, actor: Actor | None, **body: Any) -> Refusal:
    with pytest.raises(Refusal) as raised:
        town.call(method, actor, **body)
    return raised.value


def worker(ref: str) -> Actor:
    return Actor(f"account-{ref}", frozenset({"worker"}), person_ref=ref)


def finished(town: Town, by: Actor, people: list[str], level: str = "4", **listing: Any) -> dict[str, str]:
    """Return project and class of an ordinary training that everybody completed."""
    project, id = town.training(by, people, level, **(ORDINARY | listing))
    town.finish(project, id, people, level)
    return {"project_id": project, "class_id": id}


def attach(town: Town, by: Actor, claim_id: str, kind: str) -> None:
    content, name = (MP4, "课堂.mp4") if kind == "video" else (PDF + kind.encode(), "材料.pdf")
    upload = town.name("upload")
    part = {"claim_id": claim_id, "upload_id": upload}
    town.call("put_file_part", by, **part, number=0, content=base64.b64encode(content).decode())
    about = {"kind": kind, "name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    town.call("attach_file", by, **part, **about)


def reasons(town: Town, by: Actor, claim: dict[str, Any]) -> dict[str, str]:
    """Return why each person of a claim gets nothing."""
    found = town.call("get_calculation", by, claim_id=claim["id"])
    assert found["computes_again"] is True
    return {each["person_ref"]: each["fact"] for each in found["refusals"]}


def rows(town: Town, claim: dict[str, Any]) -> int:
    return int(town.db.limit_rows.count_documents({"claims": claim["id"]}))


def payroll(people: list[str], month: str = "2021-11", **differs: Any) -> list[dict[str, Any]]:
    line = {"wage_fen": 4500_00, "paid_on": f"{month}-28"} | differs
    return [{"person_ref": ref, **line} for ref in people]


def wages(people: list[str], month: str = "2021-11", **differs: Any) -> dict[str, Any]:
    return {
        "kind": "wage_month",
        "month": month,
        "fund": "special_account",
        "payroll": payroll(people, month, **differs),
    }
