"""Training vouchers (职业培训券): one person, one class [37 §13].

issued → claimed → bound → in use → redeemed | expired | revoked. The voucher's own row says which class it is
bound to; whoever binds it writes that row, so two at once cannot both win.
"""

from dataclasses import dataclass, replace
from datetime import datetime
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
NOT_COMPLETED: Final = "未结业 / the class was not completed"
EXPIRED: Final = "有效期已过，未使用 / the validity ended before it was used"


@dataclass(frozen=True)
class Voucher:
    """One voucher; valid_until: aware UTC, in use it no longer runs out."""

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

    def told(self) -> Told:
        """Return the fact of the status that the voucher has come to."""
        data: dict[str, Any] = {"person_ref": self.person_ref}
        if self.status == "issued":
            data |= {"batch_id": self.batch_id, "valid_until": self.valid_until}
        elif self.status in _WITH_CLASS:
            data["class_id"] = self.class_id
        elif self.reason is not None:
            data["reason"] = self.reason
        return f"selection.voucher.{_VERBS.get(self.status, self.status)}", data


def claim(voucher: Voucher, now: datetime) -> Voucher:
    """issued → claimed. Raises Refusal `out_of_order`, `selection.voucher_expired`."""
    _must_be(voucher, "issued", "领取 / claim")
    _must_last(voucher, now)
    return replace(voucher, status="claimed")


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


def use(voucher: Voucher) -> Voucher | None:
    """bound → in use, on the first confirmed sign-in. None when it is not bound (any more)."""
    return replace(voucher, status="in_use") if voucher.status == "bound" else None


def settle(voucher: Voucher, completed: bool) -> Voucher | None:
    """in use → redeemed (completed) | revoked (not completed). None when there is nothing to settle.

    Who completed has signed in: a voucher still `bound` then only waits for the fact of the sign-in.
    """
    if completed and voucher.status in ("bound", "in_use"):
        return replace(voucher, status="redeemed")
    if not completed and voucher.status == "in_use":
        return replace(voucher, status="revoked", reason=NOT_COMPLETED)
    return None


def expire(voucher: Voucher, now: datetime) -> Voucher | None:
    """issued | claimed | bound → expired, when the validity is over. None otherwise."""
    if voucher.status not in UNUSED or now < voucher.valid_until:
        return None
    return replace(voucher, status="expired", reason=EXPIRED)


def _must_be(voucher: Voucher, status: str, step: str) -> None:
    if voucher.status != status:
        raise Refusal("out_of_order", status=VOUCHER[voucher.status], step=step)


def _must_last(voucher: Voucher, now: datetime) -> None:
    if now >= voucher.valid_until:
        raise Refusal("selection.voucher_expired", until=shown(voucher.valid_until))
