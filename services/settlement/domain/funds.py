"""A fund account (资金账户) of one fund, region and year: never overdrawn, every change posted.

Invariant at every moment: budget + transferred >= encumbered + ordered + paid - recovered, and
recovered + still due + written off <= paid (all in fen).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabularies.dates import month_of
from contracts.vocabularies.errors import Refusal
from services.settlement.domain import ledger
from services.settlement.domain.ledger import (
    AVAILABLE,
    BUDGET,
    CURRENT,
    ENCUMBERED,
    ORDERED,
    PAID,
    RECOVERED,
    RECOVERY_DEMANDED,
    RECOVERY_DUE,
    WRITTEN_OFF,
    Cause,
    Entry,
)


@dataclass(frozen=True)
class FundAccount:
    """Sums in fen, and the head of the account's own chain.

    due_fen: demanded back and not yet recovered or written off; transferred_fen: received from other
    accounts less given to them; closed_through: the last signed-off month (2026-03), empty while none is.
    """

    fund: str
    region: str
    year: int
    budget_fen: int
    encumbered_fen: int
    ordered_fen: int
    paid_fen: int
    recovered_fen: int
    head: ledger.Head
    due_fen: int = 0
    written_off_fen: int = 0
    transferred_fen: int = 0
    closed_through: str = ""

    @property
    def id(self) -> str:
        """The account's id, which is its chain's name too."""
        return account_id(self.fund, self.region, self.year)

    @property
    def used_fen(self) -> int:
        """What is taken from the budget."""
        return self.encumbered_fen + self.ordered_fen + self.paid_fen - self.recovered_fen

    @property
    def available_fen(self) -> int:
        """What may still be encumbered."""
        return self.budget_fen + self.transferred_fen - self.used_fen

    def sums(self) -> dict[str, int]:
        """The balance that the ledger must show for each of its accounts."""
        return {
            BUDGET: -self.budget_fen,
            CURRENT: -self.transferred_fen,
            AVAILABLE: self.available_fen,
            ENCUMBERED: self.encumbered_fen,
            ORDERED: self.ordered_fen,
            PAID: self.paid_fen,
            RECOVERED: -self.recovered_fen,
            RECOVERY_DUE: self.due_fen,
            RECOVERY_DEMANDED: -self.due_fen - self.written_off_fen,
            WRITTEN_OFF: self.written_off_fen,
        }


Change = tuple[FundAccount, Entry]


def account_id(fund: str, region: str, year: int) -> str:
    """Return the id of the account of a fund, region (GB/T 2260) and calendar year."""
    return f"{fund}:{region}:{year}"


def opened(fund: str, region: str, year: int) -> FundAccount:
    """Return a new account without budget."""
    return FundAccount(fund, region, year, 0, 0, 0, 0, 0, ledger.new_chain(account_id(fund, region, year)))


def set_budget(account: FundAccount, budget_fen: int, at: datetime, cause: Cause) -> Change | None:
    """Set the year's budget; None when it is that already.

    Raises Refusal `settlement.budget_below_use` when less than what is encumbered, ordered and paid.
    """
    used = account.used_fen - account.transferred_fen
    if budget_fen < used:
        raise Refusal("settlement.budget_below_use", field="budget_fen", used_fen=used)
    change = budget_fen - account.budget_fen
    if not change:
        return None
    return _post(replace(account, budget_fen=budget_fen), at, cause, ((BUDGET, -change), (AVAILABLE, change)))


def encumber(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Set an accepted claim's amount aside. Raises Refusal `settlement.budget_exhausted`."""
    if amount_fen <= 0:
        raise ledger.Unbalanced(f"{amount_fen} fen to set aside")
    if amount_fen > account.available_fen:
        raise Refusal(
            "settlement.budget_exhausted",
            needed_fen=amount_fen,
            available_fen=account.available_fen,
            account=account.id,
        )
    after = replace(account, encumbered_fen=account.encumbered_fen + amount_fen)
    return _post(after, at, cause, ((AVAILABLE, -amount_fen), (ENCUMBERED, amount_fen)))


def release(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Give an encumbered amount back (the claim was refused, withdrawn or sent back)."""
    after = replace(account, encumbered_fen=_less(account.encumbered_fen, amount_fen))
    return _post(after, at, cause, ((ENCUMBERED, -amount_fen), (AVAILABLE, amount_fen)))


def order(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Turn an encumbered amount into an order to pay."""
    after = replace(
        account,
        encumbered_fen=_less(account.encumbered_fen, amount_fen),
        ordered_fen=account.ordered_fen + amount_fen,
    )
    return _post(after, at, cause, ((ENCUMBERED, -amount_fen), (ORDERED, amount_fen)))


def pay(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Book what the bank has confirmed, or what is set off against the payee's debt (cause.kind `offset`,
    no payment line; `recover` of the same amount goes with it).
    """
    after = replace(
        account, ordered_fen=_less(account.ordered_fen, amount_fen), paid_fen=account.paid_fen + amount_fen
    )
    return _post(after, at, cause, ((ORDERED, -amount_fen), (PAID, amount_fen)))


def pay_lines(account: FundAccount, lines: Sequence[tuple[str, int]], at: datetime, cause: Cause) -> Change:
    """Book what the bank has confirmed of one claim in one entry. lines: (payment line, fen)."""
    total = sum(fen for _, fen in lines)
    after = replace(account, ordered_fen=_less(account.ordered_fen, total), paid_fen=account.paid_fen + total)
    return _post(after, at, cause, ((ORDERED, -total), *((PAID, fen, id) for id, fen in lines)))


def unpay_lines(account: FundAccount, lines: Sequence[tuple[str, int]], at: datetime, cause: Cause) -> Change:
    """Book what came back after the bank had confirmed it: it is ordered again. lines: as of `pay_lines`."""
    total = sum(fen for _, fen in lines)
    _less(account.paid_fen - account.recovered_fen - account.due_fen - account.written_off_fen, total)
    after = replace(account, ordered_fen=account.ordered_fen + total, paid_fen=account.paid_fen - total)
    return _post(after, at, cause, ((ORDERED, total), *((PAID, -fen, id) for id, fen in lines)))


def stop(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Take an order to pay back before the bank has carried it out: the amount is available again."""
    after = replace(account, ordered_fen=_less(account.ordered_fen, amount_fen))
    return _post(after, at, cause, ((ORDERED, -amount_fen), (AVAILABLE, amount_fen)))


def demand(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Book an order to recover part of what was paid. It is not available again before it has come in."""
    settled = account.recovered_fen + account.due_fen + account.written_off_fen
    _less(account.paid_fen - settled, amount_fen)
    after = replace(account, due_fen=account.due_fen + amount_fen)
    return _post(after, at, cause, ((RECOVERY_DUE, amount_fen), (RECOVERY_DEMANDED, -amount_fen)))


def recover(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Book a part of what was demanded as recovered: an instalment, or an offset. It is available again."""
    after = replace(
        account,
        due_fen=_less(account.due_fen, amount_fen),
        recovered_fen=account.recovered_fen + amount_fen,
    )
    moves = (
        (RECOVERY_DUE, -amount_fen),
        (RECOVERY_DEMANDED, amount_fen),
        (RECOVERED, -amount_fen),
        (AVAILABLE, amount_fen),
    )
    return _post(after, at, cause, moves)


def unrecover(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Book that a receipt was recorded wrong: that much is due again, and not available.

    Raises Refusal `settlement.budget_exhausted` when it has been set aside for claims since.
    """
    recovered = _less(account.recovered_fen, amount_fen)
    if amount_fen > account.available_fen:
        raise Refusal(
            "settlement.budget_exhausted",
            needed_fen=amount_fen,
            available_fen=account.available_fen,
            account=account.id,
        )
    after = replace(account, due_fen=account.due_fen + amount_fen, recovered_fen=recovered)
    moves = (
        (RECOVERY_DUE, amount_fen),
        (RECOVERY_DEMANDED, -amount_fen),
        (RECOVERED, amount_fen),
        (AVAILABLE, -amount_fen),
    )
    return _post(after, at, cause, moves)


def write_off(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Give up a part of what was demanded, by decision: it stays paid and is not available again."""
    after = replace(
        account,
        due_fen=_less(account.due_fen, amount_fen),
        written_off_fen=account.written_off_fen + amount_fen,
    )
    return _post(after, at, cause, ((RECOVERY_DUE, -amount_fen), (WRITTEN_OFF, amount_fen)))


def give(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Book a transfer out of this account; `receive` of another one goes with it, in one transaction.

    Raises Refusal `settlement.transfer_overdraft`.
    """
    if amount_fen <= 0:
        raise ledger.Unbalanced(f"{amount_fen} fen to transfer")
    if amount_fen > account.available_fen:
        raise Refusal(
            "settlement.transfer_overdraft",
            field="amount_fen",
            needed_fen=amount_fen,
            available_fen=account.available_fen,
            account=account.id,
        )
    after = replace(account, transferred_fen=account.transferred_fen - amount_fen)
    return _post(after, at, cause, ((AVAILABLE, -amount_fen), (CURRENT, amount_fen)))


def receive(account: FundAccount, amount_fen: int, at: datetime, cause: Cause) -> Change:
    """Book a transfer into this account, the other side of `give`."""
    if amount_fen <= 0:
        raise ledger.Unbalanced(f"{amount_fen} fen to transfer")
    after = replace(account, transferred_fen=account.transferred_fen + amount_fen)
    return _post(after, at, cause, ((CURRENT, -amount_fen), (AVAILABLE, amount_fen)))


def _less(held: int, amount_fen: int) -> int:
    # cannot happen while claims and accounts change in one transaction; if it does, nothing may be booked
    if not 0 < amount_fen <= held:
        raise ledger.Unbalanced(f"{amount_fen} fen asked of {held}")
    return held - amount_fen


def _post(account: FundAccount, at: datetime, cause: Cause, moves: Sequence[ledger.Move]) -> Change:
    month = month_of(at)
    if month <= account.closed_through:
        raise Refusal("settlement.month_closed", month=month, account=account.id)
    head, entry = ledger.post(account.head, at, cause, moves)
    return replace(account, head=head), entry
