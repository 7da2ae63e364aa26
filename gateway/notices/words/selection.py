"""What selection's facts (选单) are told as: seats and vouchers."""

from typing import Final

from contracts.events import selection
from gateway.notices.table import Notice

_TO: Final = ("person_ref",)
NOTICES: Final = [
    Notice(
        selection.CHOICES_TAKEN,
        ("person_refs",),
        "您的选单已受理：占到席位的请按时确认，候补的按先后递补",
        "Your choice was taken: confirm in time if you have a seat; the line moves up in its order",
    ),
    Notice(
        selection.ENROLMENT_HELD,
        _TO,
        "班次席位已为您保留至{hold_until}，请在此之前确认",
        "A seat is held for you until {hold_until}; confirm it before then",
    ),
    Notice(
        selection.ENROLMENT_WAITING,
        _TO,
        "您已进入候补，排第{place}位",
        "You are on the waiting list, number {place}",
    ),
    Notice(selection.ENROLMENT_CONFIRMED, _TO, "您已选定班次席位", "Your seat in the class is confirmed"),
    Notice(
        selection.ENROLMENT_CANCELLED, _TO, "您的选课已取消：{reason}", "Your choice was cancelled: {reason}"
    ),
    Notice(
        selection.ENROLMENT_EXPIRED,
        _TO,
        "为您保留的席位已过期：{reason}",
        "The held seat has expired: {reason}",
    ),
    Notice(selection.ENROLMENT_DROPPED, _TO, "已为您登记退学：{reason}", "You have dropped out: {reason}"),
    Notice(
        selection.VOUCHER_REMINDED,
        _TO,
        "您的职业培训券还有{days}天到期（{valid_until}）且尚未使用；不打算使用的，请说明原因",
        "Your voucher ends in {days} days ({valid_until}) and is unused; if you will not use it, say why",
    ),
    Notice(
        selection.VOUCHER_ISSUED,
        _TO,
        "您获得一张职业培训券，{valid_until}前有效，请领取",
        "A training voucher was issued to you, valid until {valid_until}; claim it",
    ),
    Notice(
        selection.VOUCHER_EXPIRED, _TO, "您的职业培训券已过期：{reason}", "Your voucher has expired: {reason}"
    ),
    Notice(
        selection.VOUCHER_REVOKED, _TO, "您的职业培训券已收回：{reason}", "Your voucher was revoked: {reason}"
    ),
]
