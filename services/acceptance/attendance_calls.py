"""Calls of attendance: the session's screen and code, sign-ins, cards, roll, what another hand decides."""

import base64
import secrets
from datetime import UTC, datetime
from typing import Any

from contracts.commands import acceptance_attendance as c
from contracts.vocabularies import roles
from contracts.vocabularies.errors import Refusal
from services.acceptance import answering, devices, store, watching, who
from services.acceptance.domain import rolls
from services.acceptance.domain.attendance import SignIn, metres_between
from services.acceptance.domain.classes import Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.facts import require
from services.acceptance.domain.rolls import Card, Roll
from services.acceptance.domain.sign_ins import Screen, limits_of, require_open
from services.chassis.actor import Actor
from services.chassis.service import Reader, Service, Unit, command, query

Body = dict[str, Any]


class AttendanceCalls(Service):
    """Sign-in by voucher."""

    @command(c.OPEN_SESSION)
    def open_session(self, unit: Unit, body: Body) -> Body:
        """The provider's screen opens the sign-in to a session; again: the screen that is open."""
        it = _own(unit, body)
        session = it.session(body["session_id"])
        limits = limits_of(it.region, unit.now)
        found = store.find(unit, Screen, session.session_id)
        if found is None:
            require(it.status(unit.now), ("roster_filed", "running"), "open_session")
            require_open(session, unit.now, limits)
            place, metres = it.place_of(session), None
            if body["longitude"] is not None and place is not None:
                metres = metres_between((body["longitude"], body["latitude"]), place)
            secret = base64.b64encode(secrets.token_bytes(devices.SECRET_BYTES)).decode()
            found = Screen(session.session_id, it.id, secret, unit.actor.account, unit.now, metres)
            store.save(unit, found)
        return {
            "class_id": it.id, "session_id": found.id, "opened_at": found.opened_at, "metres": found.metres,
            "period_seconds": limits.period,
        }  # fmt: skip

    @query(c.SESSION_CODE)
    def session_code(self, reader: Reader, body: Body) -> Body:
        """The code that the screen shows now."""
        it = store.load(reader, Training, body["class_id"])
        who.require_owner(reader, it)
        screen = store.find(reader, Screen, it.session(body["session_id"]).session_id)
        if screen is None:
            raise Refusal("acceptance.session_closed", field="session_id")
        now, period = reader.now, limits_of(it.region, reader.now).period
        require_open(it.session(screen.id), now, limits_of(it.region, now))
        code = devices.code_at(screen.secret, now, period)
        until = datetime.fromtimestamp((int(now.timestamp()) // period + 1) * period, UTC)
        qr = f"wudan:sign-in:1:{it.id}:{screen.id}:{code}"
        return {
            "class_id": it.id, "session_id": screen.id, "code": code, "qr": qr, "at": now, "until": until,
        }  # fmt: skip

    @command(c.SIGN_IN)
    def sign_in(self, unit: Unit, body: Body) -> Body:
        """Learners' answers that came together; each gets its own outcome."""
        return {
            "items": answering.take(unit, [(self._answering(each["actor"]), each) for each in body["items"]])
        }

    @command(c.ISSUE_CARDS)
    def issue_cards(self, unit: Unit, body: Body) -> Body:
        """Code cards for learners without a phone; an earlier card of theirs is void."""
        it = _own(unit, body)
        if not set(body["person_refs"]) <= set(it.roster):
            raise Refusal("acceptance.not_on_roster", field="person_refs")
        made = []
        for person_ref in dict.fromkeys(body["person_refs"]):
            row, code = f"card:{it.id}:{person_ref}", rolls.new_card_code()
            earlier = store.claimed(unit, row)
            if earlier is not None:
                unit.delete("cards", earlier)
            card = Card(rolls.card_id(code), it.id, person_ref, unit.actor.account, unit.now)
            store.save(unit, card)
            store.claim(unit, row, card.id)
            made.append({"person_ref": person_ref, "code": code})
        return {"class_id": it.id, "items": made}

    @command(c.CARD_SIGN_IN)
    def card_sign_in(self, unit: Unit, body: Body) -> Body:
        """The teacher reads a card: unconfirmed until another hand confirms it."""
        it = _own(unit, body)
        card = store.find(unit, Card, rolls.card_id(body["code"]))
        vouchers = store.among(unit, Voucher, class_id=it.id) if card else []
        voucher = next((each.id for each in vouchers if card and each.serves(card.person_ref, it.id)), None)
        if card is not None and voucher is None:
            raise Refusal("acceptance.voucher", field="code")
        account, limits = unit.actor.account, limits_of(it.region, unit.now)
        new = rolls.sign_in_by_card(it, body["session_id"], card, voucher or "", account, limits, unit.now)
        old = store.find(unit, SignIn, new.id)
        if old is not None:
            return answering.view(old, store.version_of(unit, SignIn, old.id))
        answering.take_time(unit, it, new)
        return answering.view(new, store.save(unit, new, [("acceptance.sign_in.recorded", new.recorded())]))

    @command(c.RECORD_ROLL)
    def record_roll(self, unit: Unit, body: Body) -> Body:
        """The teacher's roll confirms or rejects what is unconfirmed."""
        it = _own(unit, body)
        old = store.find(unit, Roll, body["session_id"])
        present = tuple(sorted(body["present"]))
        roll = Roll(body["session_id"], it.id, present, unit.actor.account, unit.now, body["note"])
        sign_ins = store.among(unit, SignIn, class_id=it.id, session_id=roll.id)
        result = rolls.record(it, old, roll, sign_ins, unit.now)
        for each in result.changed:
            store.save(unit, each, [("acceptance.sign_in.recorded", each.recorded())])
            if each.state == "rejected":
                answering.free_time(unit, it, each)
        version = store.save(unit, result.roll)
        confirmed = sum(each.state == "confirmed" for each in result.changed)
        return {
            "id": roll.id, "version": version, "class_id": it.id, "at": roll.at, "present": len(present),
            "confirmed": confirmed, "rejected": len(result.changed) - confirmed,
            "second_hand": list(result.second_hand), "without_sign_in": list(result.without_sign_in),
            "not_seen": list(result.not_seen),
        }  # fmt: skip

    @command(c.DECIDE_SIGN_IN)
    def decide_sign_in(self, unit: Unit, body: Body) -> Body:
        """Another hand confirms, rejects or voids an attendance, with a reason."""
        row = store.target(unit, SignIn, body["sign_in_id"])
        it = store.load(unit, Training, row.class_id)
        supervisor = roles.SUPERVISOR in unit.actor.roles
        if supervisor:
            unit.actor.require_region(it.region)
        else:
            who.require_owner(unit, it)
        account = unit.actor.account
        new, facts = rolls.decide(it, row, body["status"], account, supervisor, body["reason"], unit.now)
        if new.state == "confirmed":
            answering.take_time(unit, it, new)
        else:
            answering.free_time(unit, it, new)
        return answering.view(new, store.save(unit, new, facts))

    @query(c.CLASS_ATTENDANCE)
    def class_attendance(self, reader: Reader, body: Body) -> Body:
        """A class's sessions against the timetable, as they stand now."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        sessions = watching.sessions(reader, it)
        return {"class_id": it.id, "status": it.status(reader.now), "sessions": sessions}

    @query(c.SESSION_SIGN_INS)
    def session_sign_ins(self, reader: Reader, body: Body) -> Body:
        """The attendances of one session, with their ids, for the roll and for corrections."""
        it = store.load(reader, Training, body["class_id"])
        who.require_reader(reader, it)
        id = it.session(body["session_id"]).session_id
        rows = store.among(reader, SignIn, class_id=it.id, session_id=id)
        shown = [answering.view(each, store.version_of(reader, SignIn, each.id)) for each in rows]
        return {"class_id": it.id, "session_id": id, "items": shown}

    @query(c.RUNNING_SESSIONS)
    def running_sessions(self, reader: Reader, body: Body) -> Body:
        """What is being held now in a region."""
        reader.actor.require_region(body["region"])
        return watching.running(reader, body["region"], body["cursor"], body["limit"])

    def _answering(self, token: str) -> Actor | Refusal:
        try:
            return self.actor_of(token)
        except Refusal as refusal:
            return refusal


def _own(unit: Unit, body: Body) -> Training:
    it = store.load(unit, Training, body["class_id"])
    who.require_owner(unit, it)
    return it
