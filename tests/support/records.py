"""Records with a gateway before them: people, bodies and facts, and a stranger who checks credentials."""

import json
import subprocess
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock

from contracts.events import acceptance, intake
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code
from tests.integration.selection.conftest import training_class
from tests.support.services import wait_for

NODE = Path(__file__).parents[1] / "integration" / "selection" / "node"
COUNTY = "370611"
DAY = timedelta(days=1)
SERIALS = iter(range(1, 900))


def stranger() -> Callable[..., Any]:
    """Return a check of credentials with libraries that are not ours, installed as locked, once."""
    with FileLock(NODE.parents[3] / ".local" / "credential-libraries.lock", timeout=280):
        if not (NODE / "node_modules" / "jose").exists():
            install = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            subprocess.run(install, cwd=NODE, check=True, capture_output=True, timeout=270)

    def check(form: str, credential: str, **show: bool) -> Any:
        asked = json.dumps({"form": form, "credential": credential, "show": show})
        command = ("node", str(NODE / "check.mjs"))
        told = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=120, check=True)
        return json.loads(told.stdout)

    return check


class World:
    """The services behind a gateway, and facts told in the name of those that made them."""

    def __init__(self, running, gateway):
        self.running, self.gateway = running, gateway
        self.db = running.database("selection")
        self._sequence = defaultdict(int)
        self.officer = gateway.officer(["supervisor"], "370600")

    def tell(self, event, subject, data, first=1):
        key = f"{event.aggregate}/{subject}"
        self._sequence[key] = max(self._sequence[key] + 1, first)
        self.running.tell(event, subject, self._sequence[key], data)

    def worker(self, groups=(), number=None):
        client = self.gateway.sign_up("worker")
        client.number = number or make_citizen_id(serial=next(SERIALS))
        made = client.post("/v1/persons", self.details(client.number, groups))
        assert made.status_code == 201, made.text
        client.ref = made.json()["id"]
        known = {"_id": client.ref, "registry": {"$ne": "forgotten"}}
        wait_for(lambda: self.db.people.find_one(known), 60, "the person")
        return client

    def details(self, number, groups=()):
        return {
            "id_number": number, "name": "示例甲", "phone": "13800000000", "region": COUNTY,
            "groups": list(groups), "bank_account": "6222000000000000",
        }  # fmt: skip

    def body(self, role="enterprise", verified=True):
        client = self.gateway.sign_up(role)
        client.code = make_credit_code(next(SERIALS))
        body = {"kind": role, "credit_code": client.code, "name": "示例企业", "region": COUNTY}
        client.ref = client.post("/v1/bodies", body).json()["id"]
        if verified:
            told = {"scope": "示例", "checked_at": self.now}
            self.tell(intake.BODY_VERIFIED, client.ref, told, first=2)
            known = {"_id": client.ref, "verified": True}
            wait_for(lambda: self.db.reader_bodies.find_one(known), 60, "the body")
        return client

    @property
    def now(self):
        return self.running.clock.now()

    def trained(self, *clients, failed=(), level="4"):
        """A class that these completed, with their certificates; returns its id."""
        id = f"c{uuid.uuid4().hex[:12]}"
        refs = [client.ref for client in (*clients, *failed)]
        confirmed = training_class(id, 20, self.now - 20 * DAY) | {"level": level}
        self.tell(acceptance.CLASS_CONFIRMED, id, confirmed)
        self.tell(acceptance.ROSTER_FILED, id, {"project_id": "project", "person_refs": refs})
        days = [date(2026, 3, 2), date(2026, 3, 3)]
        lines = [{"person_ref": ref, "days": days, "hours": 40} for ref in refs]
        ended = {"project_id": "project", "last_session_ended": self.now, "attendance": lines}
        self.tell(acceptance.CLASS_CARRIED_OUT, id, ended)
        results = [{"person_ref": client.ref, "passed": client in clients} for client in (*clients, *failed)]
        self.tell(
            acceptance.CLASS_ASSESSED,
            id,
            {"project_id": "project", "assessor_ref": "assessor-1", "results": results},
        )
        done = {
            "project_id": "project",
            "completed": [client.ref for client in clients],
            "failed": [client.ref for client in failed],
        }
        self.tell(acceptance.CLASS_COMPLETED, id, done)
        for client in clients:
            client.certificate = f"CERT{uuid.uuid4().hex[:12].upper()}"
            won = {
                "project_id": "project", "class_id": id, "person_ref": client.ref,
                "assessor_ref": "assessor-1", "occupation": "6-18-02-04", "level": level,
                "issued_on": date(2026, 3, 10),
            }  # fmt: skip
            self.tell(acceptance.CERTIFICATE_REGISTERED, client.certificate, won)
            entry = {"_id": f"certificate:{client.certificate}"}
            wait_for(lambda wanted=entry: self.db.record_entries.find_one(wanted), 60, "the certificate")
        judged = {"kind": "training", "source_ref": id, "values.passed": {"$exists": True}}
        wait_for(lambda: self.db.record_entries.count_documents(judged) == len(refs), 60, "results")
        return id

    def until(self, days=30):
        return (self.now + days * DAY).isoformat()

    def credential(self, client, **changes):
        body = {
            "kind": "certificate", "entry_id": f"certificate:{client.certificate}", "audience": "示例企业",
            "purpose": "求职", "until": self.until(), **changes,
        }  # fmt: skip
        made = client.post("/v1/credentials", {name: each for name, each in body.items() if each is not None})
        assert made.status_code == 201, made.text
        return made.json()

    def document(self, client, credential, format):
        told = client.get(f"/v1/credentials/{credential['id']}/document", params={"format": format})
        assert told.status_code == 200, told.text
        return told.json()["credential"]
