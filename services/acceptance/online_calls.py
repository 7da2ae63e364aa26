"""Calls of online platforms and the hours that they bring."""

import base64
import json
from typing import Any

from marshmallow import ValidationError
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from contracts.commands import acceptance_classes as c
from contracts.vocabularies.errors import Refusal
from services.acceptance import store
from services.acceptance.class_calls import own
from services.acceptance.domain import attendance, bookings, online
from services.acceptance.domain.attendance import SignIn
from services.acceptance.domain.bookings import Interval
from services.acceptance.domain.classes import Session, Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.online import Evaluation, Platform, Studied
from services.chassis.service import Reader, Unit, command, query

Body = dict[str, Any]


class OnlineCalls:
    """Platforms: admitted, evaluated, removed; hours recorded."""

    @command(c.ADMIT_PLATFORM)
    def admit_platform(self, unit: Unit, body: Body) -> Body:
        """→ admitted; a credit code is there once."""
        unit.actor.require_region(body["region"])
        row = f"platform:{body['credit_code']}"
        held = store.claimed(unit, row)
        known = store.find(unit, Platform, held)
        if known is not None and known.removed_at is None:
            raise Refusal("acceptance.platform_known", field="credit_code")
        new, facts = online.admit(
            Platform(unit.new_id(), **_plain(body), admitted_by=unit.actor.account, admitted_at=unit.now)
        )
        store.claim(unit, row, new.id)
        return _view(new, store.save(unit, new, facts))

    @command(c.EVALUATE_PLATFORM)
    def evaluate_platform(self, unit: Unit, body: Body) -> Body:
        """→ admitted or suspended."""
        it = _in_region(unit, body)
        evaluation = Evaluation(body["passed"], body["findings"], unit.actor.account, unit.now)
        new, facts = online.evaluate(it, evaluation)
        return _view(new, store.save(unit, new, facts))

    @command(c.REMOVE_PLATFORM)
    def remove_platform(self, unit: Unit, body: Body) -> Body:
        """→ removed."""
        it = _in_region(unit, body)
        new, facts = online.remove(it, body["reason"], unit.now)
        return _view(new, store.save(unit, new, facts))

    @query(c.LIST_PLATFORMS)
    def list_platforms(self, reader: Reader, body: Body) -> Body:
        """All platforms, page by page; the list is public."""
        items, following = store.page(reader, Platform, body["cursor"], body["limit"])
        return {"items": [_view(*each) for each in items], "next": following}

    @command(c.RECORD_ONLINE_HOURS)
    def record_online_hours(self, unit: Unit, body: Body) -> Body:
        """The provider hands in what a platform has signed; who studied the hours has attended."""
        it = own(unit, body)
        platform = store.load(
            unit, Platform, body["platform_id"], "acceptance.platform_not_admitted", field="platform_id"
        )
        platform.require_admitted("platform_id")
        statement = _statement(platform, body["statement"], body["signature"])
        if statement["class_id"] != it.id:
            raise Refusal("acceptance.not_its_session", field="class_id")
        session = online.session_of(it, statement["session_id"], platform, unit.now)
        studied = tuple(Studied(**each) for each in statement["rows"])
        online.check(it, session, studied, unit.now)
        return {"class_id": it.id, "session_id": session.session_id, **_recorded(unit, it, session, studied)}


def _recorded(unit: Unit, it: Training, session: Session, studied: tuple[Studied, ...]) -> Body:
    vouchers = {each.person_ref: each for each in store.among(unit, Voucher, class_id=it.id)}
    found: Body = {"confirmed": 0, "short": [], "elsewhere": [], "known": 0}
    for each in studied:
        id = attendance.sign_in_id(session.session_id, each.person_ref)
        voucher = vouchers.get(each.person_ref)
        if store.find(unit, SignIn, id) is not None:
            found["known"] += 1
        elif voucher is None or not online.counts(session, each, voucher, it):
            found["short"].append(each.person_ref)
        elif not _books(unit, it, session, each):
            found["elsewhere"].append(each.person_ref)
        else:
            found["confirmed"] += 1
            new = SignIn(
                id=id, class_id=it.id, session_id=session.session_id, person_ref=each.person_ref,
                voucher_id=voucher.id, state="confirmed", at=each.ended, way="online",
            )  # fmt: skip
            told = ("class_id", "session_id", "person_ref", "state", "at")
            data = {name: getattr(new, name) for name in told}
            store.save(unit, new, [("acceptance.sign_in.recorded", data)])
    return found


def _books(unit: Unit, it: Training, session: Session, studied: Studied) -> bool:
    """Take the learner's time; return False when the learner sat elsewhere."""
    key = bookings.learner_key(studied.person_ref)
    wanted = Interval(session.session_id, it.id, studied.begun, studied.ended)
    books = [store.day_book(unit, key, day) for day in bookings.days_of(studied.begun, studied.ended)]
    if any(book.clash(wanted) for book in books):
        return False
    for book in books:
        store.save(unit, book.with_taken(wanted))
    return True


def _plain(body: Body) -> Body:
    return {**body, "public_key": base64.b64encode(body["public_key"]).decode()}


def _statement(platform: Platform, text: str, signature: bytes) -> Body:
    """Return what a platform signed. Raises Refusal `acceptance.platform_signature`, `invalid`."""
    key = VerifyKey(base64.b64decode(platform.public_key))
    try:
        key.verify(text.encode("utf-8", "surrogatepass"), signature)
    except BadSignatureError:
        raise Refusal("acceptance.platform_signature", field="signature") from None
    try:
        loaded: Body = c.OnlineStatement().loads(text)
    except (ValidationError, json.JSONDecodeError, RecursionError) as problem:
        raise Refusal("invalid", field="statement", reason=str(problem)[:200]) from None
    return loaded


def _in_region(unit: Unit, body: Body) -> Platform:
    it = store.target(unit, Platform, body["platform_id"])
    unit.actor.require_region(it.region)
    return it


def _view(it: Platform, version: int) -> Body:
    evaluations = [
        {"passed": each.passed, "findings": each.findings, "at": each.at} for each in it.evaluations
    ]
    return {
        "id": it.id, "version": version, "status": it.status, "name": it.name, "region": it.region,
        "credit_code": it.credit_code, "public_key": base64.b64decode(it.public_key),
        "admitted_at": it.admitted_at, "evaluations": evaluations, "reason": it.reason,
    }  # fmt: skip
