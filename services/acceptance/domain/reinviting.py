"""Re-inviting bids (重新邀标) when an opening key is lost: for other keys; opens nothing [S10; 0016]."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.bids import Bid
from services.acceptance.domain.facts import Fact, distinct, require
from services.acceptance.domain.sourcing import OPEN, OpeningKey, Reinvitation, Sourcing


def reinvite(
    sourcing: Sourcing,
    bids: list[Bid],
    retired: Collection[str],
    keys: tuple[OpeningKey, ...],
    call: tuple[str, datetime, str],
    now: datetime,
) -> tuple[Sourcing, list[Bid], list[Fact]]:
    """A key of the notice was retired: all bids are set aside and bidders are asked anew, for other keys.

    retired: names of retired keys; call: the reason, the new deadline, who re-invites. The sealed bytes are
    erased, so that a key that is found again opens no earlier price. Raises Refusal `out_of_order`,
    `acceptance.keys_in_force`, `acceptance.bids_read` once any bid is open, `acceptance.opening_officers`,
    `acceptance.notice_dates`.
    """
    reason, until, by = call
    require(sourcing.status(now), (*OPEN, "sealed"), "reinvite")
    if not {key.key_id for key in sourcing.notice.keys} & set(retired):
        raise Refusal("acceptance.keys_in_force")
    if any(bid.plaintext is not None for bid in bids):
        raise Refusal("acceptance.bids_read")
    _check_officers(sourcing, keys, by)
    if until <= now or until < sourcing.notice.bids_until:
        raise Refusal("acceptance.reinvite_until", field="bids_until")
    ended = Reinvitation(reason, by, now, sourcing.notice.bids_until, sourcing.sealed_bids)
    new = replace(
        sourcing,
        notice=replace(sourcing.notice, keys=keys, bids_until=until),
        sealed_bids=0,
        outer_opened_at=None,
        reinvitations=(*sourcing.reinvitations, ended),
    )
    data = {
        "project_id": sourcing.project_id, "reason": reason, "bids_until": until,
        "set_aside": sourcing.sealed_bids,
    }  # fmt: skip
    return new, [set_aside(bid, now) for bid in bids], [("acceptance.sourcing.reinvited", data)]


def set_aside(bid: Bid, now: datetime) -> Bid:
    """Return a bid without its bytes, which counts no more; its receipt stays."""
    erased = replace(bid, ciphertext=b"", inner=None, attachments=(), excluded=None, excluded_note="")
    if bid.withdrawn_at is not None:
        return erased
    return replace(erased, withdrawn_at=now, set_aside_at=now)


def _check_officers(sourcing: Sourcing, keys: tuple[OpeningKey, ...], by: str) -> None:
    officers = [key.officer for key in keys]
    others = {by, sourcing.published_by, *sourcing.panel}
    if len(officers) != 2 or not distinct(officers) or others & set(officers):
        raise Refusal("acceptance.opening_officers", field="opening_officers")
