"""A learner's answer to the session's code: taken, waiting for the roll, or refused [S07; 37 §13].

What it is held against: the roster, the voucher, the device's key, the code of the moment, the session's time
and the place. An answer that comes late was given offline: it has to fit the moment at which it says that it
was signed, and stays unconfirmed, because a device's clock proves nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.regions import province_of
from services.acceptance.domain.attendance import SignIn, Spot, metres_between, sign_in_id
from services.acceptance.domain.classes import Session, Training
from services.acceptance.domain.copies import Voucher
from services.acceptance.domain.facts import require
from services.policy.loader import rules_for

# refusals that look like an attempt at fraud, and the kind of mark that each leaves
RISKY = {
    "acceptance.signature": "forged",
    "acceptance.code": "wrong_code",
    "acceptance.replayed": "replayed",
    "acceptance.voucher": "others_voucher",
    "acceptance.too_far": "too_far",
    "acceptance.elsewhere": "two_places",
}
# of a person in a session; more is no scan that failed
MOST_WRONG_CODES: Final = 20


@dataclass(frozen=True)
class Limits:
    """Dated parameters of the platform (services/policy, topic sign_in). period: seconds that a code shows;
    back, ahead: periods that are still, or already, taken.
    """

    metres: int
    opens: timedelta
    period: int
    back: int
    ahead: int
    offline: timedelta
    absent: timedelta
    per_minute: int
    card_percent: int


@dataclass(frozen=True)
class Screen:
    """The provider's screen of one session, by the session's id. secret: base64, of the changing code."""

    id: str
    class_id: str
    secret: str
    opened_by: str
    opened_at: datetime
    metres: int | None = None


@dataclass(frozen=True)
class Answer:
    """What the device signed, with its signature (base64)."""

    class_id: str
    session_id: str
    voucher_id: str
    code: str
    nonce: str
    signed_at: datetime
    spot: Spot | None
    signature: str


@dataclass(frozen=True)
class Checked:
    """What an answer proves. signed: by the voucher's device; live: the code is that of now; as_signed: it is
    that of the moment at which the device says that it signed.
    """

    signed: bool
    live: bool
    as_signed: bool


def limits_of(region: str, now: datetime) -> Limits:
    """Return the parameters of the day in the region."""
    rules, day = rules_for(province_of(region)), today_in_shanghai(now)
    values = rules.one("sign_in", day, region).values
    return Limits(
        metres=values["metres"],
        opens=timedelta(minutes=values["opens_minutes"]),
        period=values["code_seconds"],
        back=values["codes_back"],
        ahead=values["codes_ahead"],
        offline=timedelta(hours=values["offline_hours"]),
        absent=timedelta(minutes=values["absent_minutes"]),
        per_minute=rules.one("risk_sign_in", day, region).values["per_minute"],
        card_percent=values["card_percent"],
    )


def require_open(session: Session, moment: datetime, limits: Limits) -> None:
    """Raise Refusal unless sign-in to the session is possible at the moment: `acceptance.outside_session`,
    `acceptance.online_hours` for an online one, whose platform tells who studied.
    """
    if session.platform is not None:
        raise Refusal("acceptance.online_hours", field="session_id")
    if not session.starts - limits.opens <= moment <= session.ends:
        raise Refusal("acceptance.outside_session", field="session_id", starts=session.starts.isoformat())


def decide(
    training: Training,
    person_ref: str,
    voucher: Voucher | None,
    screen: Screen | None,
    answer: Answer,
    proven: Checked,
    limits: Limits,
    now: datetime,
) -> SignIn:
    """Return the attendance that an answer makes; confirmed when live, unconfirmed when it was offline.

    Raises Refusal `out_of_order`, `acceptance.session_unknown`, `.not_on_roster`, `.voucher`,
    `.device_missing`, `.signature`, `.session_closed`, `.code`, `.signed_ahead`, `.too_late`,
    `.outside_session`, `.too_far`.
    """
    # a sign-in opens before the first session begins
    require(training.status(now), ("roster_filed", "running"), "sign_in")
    session = training.session(answer.session_id)
    if person_ref not in training.roster:
        raise Refusal("acceptance.not_on_roster")
    if voucher is None or not voucher.serves(person_ref, training.id):
        raise Refusal("acceptance.voucher", field="voucher_id")
    if voucher.device_key is None:
        raise Refusal("acceptance.device_missing", field="voucher_id")
    if not proven.signed:
        raise Refusal("acceptance.signature", field="signature")
    live, at = _moment_of(session, screen, answer, proven, limits, now)
    require_open(session, at, limits)
    place = training.place_of(session)
    metres = None if answer.spot is None or place is None else metres_between(answer.spot, place)
    if metres is not None and metres > limits.metres:
        raise Refusal("acceptance.too_far", most=limits.metres)
    return SignIn(
        sign_in_id(session.session_id, person_ref), training.id, session.session_id, person_ref, voucher.id,
        "confirmed" if live else "unconfirmed", at, "phone" if live else "offline", answer.nonce,
        metres=metres,
    )  # fmt: skip


def _moment_of(
    session: Session, screen: Screen | None, answer: Answer, proven: Checked, limits: Limits, now: datetime
) -> tuple[bool, datetime]:
    """Return whether the code is that of now, and the moment that the answer counts for."""
    if screen is None:
        require_open(session, now, limits)
        raise Refusal("acceptance.session_closed", field="session_id")
    if proven.live:
        return True, now
    if not proven.as_signed:
        raise Refusal("acceptance.code", field="code")
    if answer.signed_at > now + timedelta(seconds=limits.period * limits.ahead):
        raise Refusal("acceptance.signed_ahead", field="signed_at")
    if now - answer.signed_at > limits.offline:
        hours = int(limits.offline.total_seconds() // 3600)
        raise Refusal("acceptance.too_late", field="signed_at", hours=hours)
    return False, answer.signed_at
