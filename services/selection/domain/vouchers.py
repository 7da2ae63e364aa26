"""Training vouchers (职业培训券): one person, one class [37 §13].

issued → claimed → bound → in use → redeemed | expired | revoked. The voucher's own row says which class it is
bound to; whoever binds it writes that row, so two at once cannot both win.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.statuses import VOUCHER
from services.selection.domain.classes import TrainingClass
from services.selection.domain.people import shown
from services.selection.domain.seats import Enrolment, Told

UNUSED: Final = frozenset({"issued", "claimed", "bound"})
_VERBS: Final = {"in_use": "used"}
_WITH_DEVICE: Final = frozenset({"claimed", "bound", "in_use"})
_WITH_CLASS: Final = frozenset({"bound", "in_use", "redeemed"})
_NOT_USED: Final = UNUSED | {"expired"}
_DAY: Final = timedelta(days=1)
NOT_COMPLETED: Final = "未结业 / the class was not completed"
EXPIRED: Final = "有效期已过，未使用 / the validity ended before it was used"


@dataclass(frozen=True)
class Voucher:
    """One voucher; valid_until: aware UTC, in use it no longer runs out.

    remind_at: when the holder is next spoken to while it is unused; reminded_days: how many days were left
    when that was last done; replaces, replaced_by: the vouchers before and after it; non_use: the holder's
    cause of not using it.
    """

    id: str
    person_ref: str
    batch_id: str
    region: str
    valid_until: datetime
    issued_at: datetime
    status: str = "issued"
    class_id: str | None = None
    reason: str | None = None
    device_key: str | None = None
    claimed_at: datetime | None = None
    used_at: datetime | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    remind_at: datetime | None = None
    reminded_days: int | None = None
    non_use: str | None = None

    def told(self) -> Told:
        """Return the fact of the status that the voucher has come to."""
        data: dict[str, Any] = {"person_ref": self.person_ref}
        if self.status == "issued":
            data |= {"batch_id": self.batch_id, "valid_until": self.valid_until, "replaces": self.replaces}
        elif self.status in _WITH_CLASS:
            data["class_id"] = self.class_id
        elif self.reason is not None:
            data["reason"] = self.reason
        return f"selection.voucher.{_VERBS.get(self.status, self.status)}", data


def claim(voucher: Voucher, now: datetime) -> Voucher:
    """issued → claimed. Raises Refusal `out_of_order`, `selection.voucher_expired`."""
    _must_be(voucher, "issued", "领取 / claim")
    _must_last(voucher, now)
    return replace(voucher, status="claimed", claimed_at=now)


def bind(
    voucher: Voucher, into: TrainingClass, enrolment: Enrolment | None, now: datetime
) -> tuple[Voucher, Enrolment]:
    """claimed → bound, to a class in which the person has a confirmed seat.

    enrolment: the person's in that class, if any. Raises Refusal `selection.voucher_bound`, `out_of_order`,
    `selection.voucher_expired`, `selection.voucher_too_short`, `selection.no_confirmed_seat`,
    `selection.voucher_held`.
    """
    if voucher.status == "bound":
        raise Refusal("selection.voucher_bound", class_id=voucher.class_id)
    _must_be(voucher, "claimed", "绑定 / bind")
    _must_last(voucher, now)
    if voucher.valid_until <= into.starts:
        raise Refusal(
            "selection.voucher_too_short", until=shown(voucher.valid_until), starts=shown(into.starts)
        )
    if enrolment is None or enrolment.status not in ("confirmed", "attending"):
        raise Refusal("selection.no_confirmed_seat", "class_id")
    if enrolment.voucher_id is not None:
        raise Refusal("selection.voucher_held", "class_id", voucher_id=enrolment.voucher_id)
    bound = replace(voucher, status="bound", class_id=into.id)
    return bound, replace(enrolment, voucher_id=voucher.id)


def bind_device(voucher: Voucher, device_key: str, holder: str | None) -> tuple[Voucher, Told]:
    """Bind the device that signs in with the voucher. holder: the person whose device this is, if known.

    Raises Refusal `out_of_order`, `selection.device_taken`.
    """
    if voucher.status not in _WITH_DEVICE:
        raise Refusal("out_of_order", status=VOUCHER[voucher.status], step="绑定设备 / bind a device")
    if holder not in (None, voucher.person_ref):
        raise Refusal("selection.device_taken", "device_key")
    told = {"person_ref": voucher.person_ref, "device_key": device_key}
    return replace(voucher, device_key=device_key), ("selection.voucher.device_bound", told)


def release(voucher: Voucher) -> tuple[Voucher, Told] | None:
    """bound → claimed: its seat was given up before the first sign-in. None when not bound."""
    if voucher.status != "bound":
        return None
    data = {"person_ref": voucher.person_ref, "class_id": voucher.class_id}
    return replace(voucher, status="claimed", class_id=None), ("selection.voucher.released", data)


def use(voucher: Voucher, now: datetime) -> Voucher | None:
    """bound → in use, on the first confirmed sign-in. None when it is not bound (any more)."""
    return replace(voucher, status="in_use", used_at=now) if voucher.status == "bound" else None


def settle(voucher: Voucher, completed: bool, now: datetime) -> Voucher | None:
    """in use → redeemed (completed) | revoked (not completed). None when there is nothing to settle.

    Who completed has signed in: a voucher still `bound` then only waits for the fact of the sign-in.
    """
    if completed and voucher.status in ("bound", "in_use"):
        return replace(voucher, status="redeemed", used_at=voucher.used_at or now)
    if not completed and voucher.status == "in_use":
        return replace(voucher, status="revoked", reason=NOT_COMPLETED)
    return None


def expire(voucher: Voucher, now: datetime) -> Voucher | None:
    """issued | claimed | bound → expired, when the validity is over. None otherwise."""
    if voucher.status not in UNUSED or now < voucher.valid_until:
        return None
    return replace(voucher, status="expired", reason=EXPIRED)


def revoke(voucher: Voucher, reason: str, replaced_by: str | None = None) -> Voucher:
    """issued | claimed | bound → revoked, by an officer.

    Raises Refusal `out_of_order` for one in use, which the result of the class settles, or ended.
    """
    if voucher.status not in UNUSED:
        raise Refusal("out_of_order", status=VOUCHER[voucher.status], step="收回 / revoke")
    return replace(voucher, status="revoked", reason=reason, class_id=None, replaced_by=replaced_by)


def next_reminder(valid_until: datetime, days: Iterable[int], now: datetime) -> datetime | None:
    """Return when the holder of an unused voucher is to be spoken to next. days: how many before its end."""
    return min((moment for each in days if (moment := valid_until - each * _DAY) > now), default=None)


def remind(voucher: Voucher, days: Iterable[int], now: datetime) -> tuple[Voucher, Told] | None:
    """Speak to the holder of an unused voucher. None when it is not due, was used, or has ended."""
    due = voucher.remind_at is not None and voucher.remind_at <= now < voucher.valid_until
    if not due or voucher.status not in UNUSED:
        return None
    left = -((now - voucher.valid_until) // _DAY)
    told = {"person_ref": voucher.person_ref, "valid_until": voucher.valid_until, "days": left}
    spoken = replace(voucher, reminded_days=left, remind_at=next_reminder(voucher.valid_until, days, now))
    return spoken, ("selection.voucher.reminded", told)


def tell_non_use(voucher: Voucher, cause: str) -> tuple[Voucher, Told]:
    """Keep why the voucher is not, or was not, used. Raises Refusal `out_of_order` once used or revoked."""
    if voucher.status not in _NOT_USED:
        raise Refusal("out_of_order", status=VOUCHER[voucher.status], step="说明原因 / say why not used")
    told = {"person_ref": voucher.person_ref, "batch_id": voucher.batch_id, "cause": cause}
    return replace(voucher, non_use=cause), ("selection.voucher.non_use_told", told)


def _must_be(voucher: Voucher, status: str, step: str) -> None:
    if voucher.status != status:
        raise Refusal("out_of_order", status=VOUCHER[voucher.status], step=step)


def _must_last(voucher: Voucher, now: datetime) -> None:
    if now >= voucher.valid_until:
        raise Refusal("selection.voucher_expired", until=shown(voucher.valid_until))
