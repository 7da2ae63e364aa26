"""Acceptance on a real broker and database, with the facts that others would tell it, and its people."""

import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from contracts.events import catalogue, intake, selection
from contracts.registry import Event
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_credit_code
from infra.devices import Device
from infra.sealing import OfficerKey, SealedBid, answer_challenge, open_layer, seal, seal_attachment
from services.chassis.actor import Actor
from tests.support.services import Running, wait_for

REGION, COUNTY = "370600", "370611"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POOL = tuple(f"panel-{n}" for n in range(1, 7))
PLACE = {"name": "示例车间", "address": "示例路 1 号", "longitude": 121.25, "latitude": 37.5}

# of the projects that tests make; what a body files for the register
SCOPE = ["6-18-02-04", "4-03-02-01"]
PARTICULARS: dict[str, Any] = {
    "ownership": "private",
    "licence": {
        "number": "LIC-0001", "issued_by": "示例人社局", "valid_until": None, "occupations": SCOPE,
    },
    "teachers": [
        {"name": f"示例师{n}", "occupation": SCOPE[0], "certificate": f"CERT-{n:04d}"} for n in range(2)
    ],
    "rooms": [{"place": PLACE, "seats": 60}],
}  # fmt: skip


def officer(role: str, account: str | None = None, region: str = REGION) -> Actor:
    return Actor(account or role, frozenset({role}), region=region)


OFFICER, SUPERVISOR = officer("catalogue_officer"), officer("supervisor")
OPENING = (officer("opening_officer", "opening-1"), officer("opening_officer", "opening-2"))


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def body(ref: str, role: str = "provider") -> Actor:
    return Actor(f"account-{ref}", frozenset({role}), body_ref=ref)


def worker(person_ref: str) -> Actor:
    return Actor(f"account-{person_ref}", frozenset({"worker"}), person_ref=person_ref)


def together(calls: list[Any]) -> list[Any]:
    """Run the calls at once and return their results; a refusal is returned as its code."""

    def one(call: Any) -> Any:
        try:
            return call()
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


class World:
    """A running acceptance service and what tests do with it."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.keys = (OfficerKey.generate(), OfficerKey.generate())
        self._registered = False
        self._drawn: dict[str, list[str]] = {}
        self.devices: dict[str, Device] = {}
        self._credit = itertools.count(1)

    @property
    def db(self) -> Any:
        return self.running.database("acceptance")

    @property
    def now(self) -> datetime:
        return self.running.clock.now()

    def wait_until(self, moment: datetime) -> None:
        """Move business time on to a moment, unless it is past."""
        if self.now < moment:
            self.running.clock.advance_to(moment)

    def call(self, method: str, actor: Actor | None, /, **body: Any) -> dict[str, Any]:
        options = {name: body.pop(name) for name in ("key", "expected_version") if name in body}
        plain = {key: _plain(value) for key, value in body.items()}
        return self.running.call(f"acceptance.{method}", plain, actor, **options)

    def tell(self, event: Event, subject: str, sequence: int, /, **data: Any) -> None:
        self.running.tell(event, subject, sequence, data)

    def facts(self, subject: str) -> list[dict[str, Any]]:
        """Return the facts told of a thing, in order."""
        rows = self.db["outbox"].find({"subject": subject}).sort("sequence", 1)
        return [row["event"] for row in rows]

    def sign_ins_told(self, class_id: str) -> list[str]:
        """Return the ids of a class's sign-ins, once for each time they were told."""
        rows = self.db["outbox"].find({"event.type": "acceptance.sign_in_batch.taken"})
        items = [each for row in rows for each in row["event"]["data"]["items"]]
        return [each["id"] for each in items if each["class_id"] == class_id]

    def known(self, collection: str, **where: Any) -> dict[str, Any]:
        return wait_for(lambda: self.db[collection].find_one(where), what=f"{collection} {where}")

    def a_body(self, kind: str = "provider", verified: bool = True, admitted: bool = True) -> str:
        """A body as intake tells it; one that trains is put on the register with all occupations of SCOPE."""
        ref, code = unique(kind), make_credit_code(next(self._credit))
        self.tell(
            intake.BODY_REGISTERED, ref, 1, kind=kind, name=f"示例{ref}", credit_code=code, region=COUNTY
        )
        if verified:
            self.tell(intake.BODY_VERIFIED, ref, 2, scope="职业技能培训", checked_at=self.now)
        self.known("bodies", _id=ref, status="verified" if verified else "submitted")
        if verified and admitted and kind in ("provider", "enterprise"):
            self.call("apply_as_provider", body(ref, kind), **PARTICULARS)
            self.call("admit_provider", OFFICER, provider_ref=ref)
        return ref

    def a_project(self, seats: int = 40, hours: int = 8, way: str = "open_challenge") -> str:
        ref = unique("project")
        whole = {
            "name": "中级焊工培训", "region": REGION, "occupation": "6-18-02-04", "level": "4",
            "mode": "on_site", "programme": None, "seats": seats, "hours": hours,
        }  # fmt: skip
        self.tell(catalogue.PROJECT_DRAFTED, ref, 1, **whole, demand_ids=["demand"])
        self.tell(
            catalogue.PROJECT_LISTED, ref, 2, **whole, edition=1, sourcing_way=way,
            standard_fen=200_000, standard_rule="示例标准", illustrative=True,
        )  # fmt: skip
        self.known("projects", _id=ref, status="listed")
        return ref

    def register(self, actor: Actor, key: OfficerKey) -> dict[str, Any]:
        """An opening officer registers and confirms a key of the own."""
        told = self.call("register_opening_key", actor, public_key=key.public_key)
        proof = answer_challenge(told, key)
        return self.call("confirm_opening_key", actor, key_id=told["id"], **proof)

    def publish(self, project_id: str, **changed: Any) -> dict[str, Any]:
        if not self._registered:
            for actor, key in zip(OPENING, self.keys, strict=True):
                self.register(actor, key)
            for account in POOL:
                self.call("register_expert", SUPERVISOR, account=account, region=REGION)
            self._registered = True
        notice = {
            "project_id": project_id, "goal": "培养 40 名中级焊工", "ceiling_fen": 180_000,
            "criteria": [
                {"id": "plan", "name": "方案", "weight": 60}, {"id": "staff", "name": "师资", "weight": 40},
            ],
            "questions_until": self.now + DAY, "bids_until": self.now + 2 * DAY,
            "opening_officers": [each.account for each in OPENING],
            "panel_seats": 3,
        }  # fmt: skip
        return self.call("publish_notice", OFFICER, **{**notice, **changed})

    def sealed(
        self,
        sourcing: dict[str, Any],
        ref: str,
        price_fen: int = 150_000,
        plan: str = "方案",
        files: dict[str, bytes] | None = None,
    ) -> SealedBid:
        offer = {"price_fen": price_fen, "plan": plan, "teachers": ["示例师"], "places": ["示例车间"]}
        attachments = [seal_attachment(name, content) for name, content in (files or {}).items()]
        return seal(offer, sourcing, ref, attachments)

    def bid(self, sourcing: dict[str, Any], ref: str, bid: SealedBid) -> dict[str, Any]:
        for part in bid.parts():
            self.call("put_bid_part", body(ref), sourcing_id=sourcing["id"], **part)
        return self.call("submit_bid", body(ref), sourcing_id=sourcing["id"], **bid.body)

    def open(
        self, sourcing_id: str, officers: tuple[Actor, ...] = OPENING, keys: tuple[OfficerKey, ...] = ()
    ) -> dict[str, Any]:
        """Both officers open their layers, each with the own key on the own side."""
        found: dict[str, Any] = {}
        for actor, key in zip(officers, keys or self.keys, strict=True):
            sealed = self.call("sealed_bids", actor, sourcing_id=sourcing_id)
            if sealed["items"]:
                found = self.call("open_layer", actor, sourcing_id=sourcing_id, **open_layer(sealed, key))
        return found

    def draw(self, sourcing_id: str) -> list[str]:
        """The panel is drawn and each member declares to be free of conflicts; return their accounts."""
        self.call("draw_panel", OFFICER, sourcing_id=sourcing_id)
        drawn = self.call("get_panel", OFFICER, sourcing_id=sourcing_id)
        accounts = self._drawn[sourcing_id] = [each["account"] for each in drawn["members"]]
        for account in accounts:
            self.call(
                "declare_conflict", officer("panel_member", account), sourcing_id=sourcing_id, conflict=None
            )
        return accounts

    def score(self, sourcing_id: str, points: dict[str, int]) -> dict[str, Any]:
        """A panel is drawn; all its members at once give each provider's bid the same points for all."""
        panel = self._drawn.get(sourcing_id) or self.draw(sourcing_id)
        bids = self.call("opened_bids", officer("panel_member", panel[0]), sourcing_id=sourcing_id)["items"]

        def calls() -> Any:
            for member, bid in itertools.product(panel, [bid for bid in bids if not bid["excluded"]]):
                given = points[bid["provider_ref"]]
                scores = [
                    {"criterion": each, "points": given, "reason": "见评审表"} for each in ("plan", "staff")
                ]
                actor = officer("panel_member", member)
                yield lambda a=actor, b=bid["bid_id"], s=scores: self.call(
                    "score_bid", a, sourcing_id=sourcing_id, bid_id=b, scores=s
                )

        assert all(isinstance(each, dict) for each in together(list(calls())))
        return self.call("get_sourcing", None, sourcing_id=sourcing_id)

    def awarded(self, project_id: str, provider_ref: str) -> dict[str, Any]:
        """A challenge with one bid, awarded."""
        sourcing = self.publish(project_id)
        self.bid(sourcing, provider_ref, self.sealed(sourcing, provider_ref))
        self.wait_until(self.now + 2 * DAY)
        self.open(sourcing["id"])
        self.score(sourcing["id"], {provider_ref: 90})
        named = self.call("name_candidate", OFFICER, sourcing_id=sourcing["id"])
        self.wait_until(_moment(named["candidate"]["notice_until"]))
        return self.call("award", OFFICER, sourcing_id=sourcing["id"])

    def timetable(self, first: datetime, teacher: str = "示例师") -> list[dict[str, Any]]:
        """Two days of four class hours."""
        return [
            {
                "starts": first + n * DAY, "ends": first + n * DAY + 3 * HOUR, "kind": kind, "hours": 4,
                "topic": "示例课题", "teacher": teacher,
            }
            for n, kind in enumerate(("safety", "compulsory"))
        ]  # fmt: skip

    def filing(self, project_id: str, first: datetime, **changed: Any) -> dict[str, Any]:
        teacher = changed.pop("teacher", unique("师"))
        place = {**PLACE, "name": changed.pop("place_name", unique("车间"))}
        filing = {
            "project_id": project_id, "name": "焊工一班", "place": place, "capacity": 20,
            "enrol_until": first - HOUR, "sessions": self.timetable(first, teacher),
        }  # fmt: skip
        return {**filing, **changed}

    def with_roster(
        self, project_id: str, provider_ref: str, first: datetime, persons: list[str]
    ) -> dict[str, Any]:
        """A confirmed class whose roster is filed."""
        made = self.call(
            "file_class", body(provider_ref), **self.filing(project_id, first, capacity=len(persons))
        )
        self.call("confirm_class", SUPERVISOR, class_id=made["id"])
        for person in persons:
            self.enrol(made["id"], person)
        for person in persons:
            self.known("vouchers", person_ref=person, class_id=made["id"], status="bound")
            self.known("enrolments", person_ref=person, class_id=made["id"], status="confirmed")
        return self.call("file_roster", body(provider_ref), class_id=made["id"], person_refs=persons)

    def appoint(self, made: dict[str, Any], assessor: str, **changed: Any) -> dict[str, Any]:
        """The supervisor appoints the assessor of a class; the test is on the last session's day."""
        wanted = {
            "assessor_ref": assessor, "kind": "skill_level", "examiners": ["考评员甲", "考评员乙"],
            "quality_supervisor": "督导员甲", "question_bank": "题库 1",
            "held_on": today_in_shanghai(_moment(made["ends"])).isoformat(),
        }  # fmt: skip
        return self.call("appoint_assessor", SUPERVISOR, class_id=made["id"], **{**wanted, **changed})

    def enrol(self, class_id: str, person_ref: str) -> None:
        """Selection tells of a confirmed seat and a bound voucher."""
        seat, who = unique("enrolment"), {"class_id": class_id, "person_ref": person_ref}
        self.tell(selection.ENROLMENT_HELD, seat, 1, **who, hold_until=self.now + HOUR)
        self.tell(selection.ENROLMENT_CONFIRMED, seat, 2, **who)
        voucher = voucher_of(class_id, person_ref)
        self.tell(
            selection.VOUCHER_ISSUED, voucher, 1, person_ref=person_ref, batch_id="batch",
            valid_until=self.now + 90 * DAY,
        )  # fmt: skip
        self.tell(selection.VOUCHER_CLAIMED, voucher, 2, person_ref=person_ref)
        key = self.devices.setdefault(person_ref, Device()).public_key
        self.tell(selection.VOUCHER_DEVICE_BOUND, voucher, 3, person_ref=person_ref, device_key=key)
        self.tell(selection.VOUCHER_BOUND, voucher, 4, **who)

    def open_session(self, made: dict[str, Any], n: int, **more: Any) -> dict[str, Any]:
        """The provider's screen opens the sign-in to a session."""
        session_id = made["sessions"][n]["session_id"]
        owner = body(made["provider_ref"])
        return self.call("open_session", owner, class_id=made["id"], session_id=session_id, **more)

    def code(self, made: dict[str, Any], n: int) -> dict[str, Any]:
        """What the screen shows now."""
        session_id = made["sessions"][n]["session_id"]
        return self.call(
            "session_code", body(made["provider_ref"]), class_id=made["id"], session_id=session_id
        )

    def answer(
        self, made: dict[str, Any], n: int, person_ref: str, shown: dict[str, Any], spot: Any = None
    ) -> dict[str, Any]:
        """What the person's device signs of a code that it saw."""
        where = (made["id"], made["sessions"][n]["session_id"], voucher_of(made["id"], person_ref))
        device = self.devices.setdefault(person_ref, Device())
        signed = device.answer(where, shown["code"], datetime.fromisoformat(shown["at"]), spot)
        return {"class_id": made["id"], **signed}

    def send(self, *answers: tuple[str, dict[str, Any]], key: str | None = None) -> list[dict[str, Any]]:
        """Send answers of persons in one call, as the gateway does; return the outcomes."""
        items = [{**answer, "actor": self.running.token(worker(person))} for person, answer in answers]
        return self.call("sign_in", worker(answers[0][0]), items=items, key=key)["items"]

    def sign_in(
        self, made: dict[str, Any], n: int, person_ref: str, spot: Any = None, key: str | None = None
    ) -> dict[str, Any]:
        """Open the session, scan its code, sign and send; raises what the person is refused."""
        self.open_session(made, n)
        answer = self.answer(made, n, person_ref, self.code(made, n), spot)
        return taken(self.send((person_ref, answer), key=key)[0])


def taken(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return the attendance of an outcome; raises its Refusal."""
    if outcome["refused"] is not None:
        raise Refusal.from_dict(outcome["refused"])
    return dict(outcome["taken"])


def voucher_of(class_id: str, person_ref: str) -> str:
    return f"v-{class_id}-{person_ref}"[:80]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value
