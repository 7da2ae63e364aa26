"""The teacher's roll (点名), code cards (签到卡), and what another hand decides of an attendance."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.attendance import SignIn, sign_in_id
from services.acceptance.domain.classes import Training
from services.acceptance.domain.facts import Fact, require
from services.acceptance.domain.sign_ins import Limits, require_open

_CARD_BYTES: Final = 10
_STANDS: Final = frozenset({"confirmed", "unconfirmed"})
NOT_ON_ROLL: Final = "教师点名未到 / not present on the teacher's roll"


@dataclass(frozen=True)
class Card:
    """A code card, by the SHA-256 of its code."""

    id: str
    class_id: str
    person_ref: str
    issued_by: str
    issued_at: datetime


@dataclass(frozen=True)
class EarlierRoll:
    """A roll before it was changed."""

    present: tuple[str, ...]
    by: str
    at: datetime
    note: str | None = None


@dataclass(frozen=True)
class Roll:
    """Who the teacher saw in a session, by the session's id. note: why it was changed; earlier: what it was
    before, the first one first.
    """

    id: str
    class_id: str
    present: tuple[str, ...]
    by: str
    at: datetime
    note: str | None = None
    earlier: tuple[EarlierRoll, ...] = ()

    @property
    def first_present(self) -> tuple[str, ...]:
        """Return who the teacher saw at first."""
        return self.earlier[0].present if self.earlier else self.present


@dataclass(frozen=True)
class RollResult:
    """What a roll decides: the attendances that changed, and what differs."""

    roll: Roll
    changed: tuple[SignIn, ...]
    second_hand: tuple[str, ...]
    without_sign_in: tuple[str, ...]
    not_seen: tuple[str, ...]


def new_card_code() -> str:
    """Return a new code: sixteen letters and digits that are hard to mistake (RFC 4648 base32)."""
    return base64.b32encode(secrets.token_bytes(_CARD_BYTES)).decode()


def card_id(code: str) -> str:
    """Return the id under which a card is kept; the code itself is not."""
    return hashlib.sha256(code.encode()).hexdigest()


def sign_in_by_card(
    training: Training, session_id: str, card: Card | None, voucher_id: str, by: str, limits: Limits,
    now: datetime,
) -> SignIn:  # fmt: skip
    """The teacher reads a learner's card: unconfirmed until another hand confirms it.

    Raises Refusal `out_of_order`, `acceptance.session_unknown`, `.card`, `.not_on_roster`,
    `.outside_session`.
    """
    require(training.status(now), ("roster_filed", "running"), "card_sign_in")
    session = training.session(session_id)
    if card is None or card.class_id != training.id:
        raise Refusal("acceptance.card", field="code")
    if card.person_ref not in training.roster:
        raise Refusal("acceptance.not_on_roster")
    require_open(session, now, limits)
    return SignIn(
        sign_in_id(session_id, card.person_ref), training.id, session_id, card.person_ref, voucher_id,
        "unconfirmed", now, "card", taken_by=by,
    )  # fmt: skip


def record(
    training: Training, old: Roll | None, roll: Roll, sign_ins: Sequence[SignIn], now: datetime
) -> RollResult:
    """The teacher's roll of a session: what is unconfirmed is confirmed or rejected by it.

    A card that the same hand has read is left for another one. Raises Refusal `out_of_order`,
    `acceptance.session_unknown`, `.session_ahead`, `.not_on_roster`, `.roll_note`.
    """
    require(training.status(now), ("running",), "record_roll")
    session = training.session(roll.id)
    if now < session.starts:
        raise Refusal("acceptance.session_ahead", starts=session.starts.isoformat())
    if not set(roll.present) <= set(training.roster):
        raise Refusal("acceptance.not_on_roster", field="present")
    if old is not None and not roll.note:
        raise Refusal("acceptance.roll_note", field="note")
    present = set(roll.present)
    open_ones = [each for each in sign_ins if each.state == "unconfirmed"]
    own = tuple(sorted(each.person_ref for each in open_ones if each.taken_by == roll.by))
    changed = tuple(_by_roll(each, roll) for each in open_ones if each.taken_by != roll.by)
    stood = {each.person_ref for each in sign_ins if each.state in _STANDS}
    if old is not None:
        before = EarlierRoll(old.present, old.by, old.at, old.note)
        roll = replace(roll, earlier=(*old.earlier, before))
    return RollResult(
        roll,
        changed,
        own,
        tuple(sorted(present - stood)),
        tuple(sorted(stood - present)),
    )


def settled_by(roll: Roll | None, new: SignIn) -> SignIn:
    """Return an offline sign-in as a roll that was there before it decides; unconfirmed without a roll."""
    return new if roll is None or new.state != "unconfirmed" else _by_roll(new, roll)


def _by_roll(each: SignIn, roll: Roll) -> SignIn:
    there = each.person_ref in roll.present
    return replace(
        each,
        state="confirmed" if there else "rejected",
        decided_by=roll.by,
        decided_at=roll.at,
        reason=None if there else NOT_ON_ROLL,
    )


def decide(
    training: Training, it: SignIn, state: str, by: str, supervisor: bool, reason: str, now: datetime
) -> tuple[SignIn, list[Fact]]:
    """Another hand decides: unconfirmed → confirmed | rejected; the supervisor alone changes what is decided.

    Raises Refusal `out_of_order` once the class was carried out, `acceptance.same_hand`,
    `acceptance.supervisor_only`, `acceptance.decided_so`.
    """
    require(training.status(now), ("roster_filed", "running"), "decide_sign_in")
    if by in (it.taken_by, it.decided_by):
        raise Refusal("acceptance.same_hand")
    if it.state == state:
        raise Refusal("acceptance.decided_so", field="status")
    if not supervisor and (it.state != "unconfirmed" or state == "voided"):
        raise Refusal("acceptance.supervisor_only")
    new = replace(it, state=state, decided_by=by, decided_at=now, reason=reason)
    return new, [("acceptance.sign_in.recorded", new.recorded())]
