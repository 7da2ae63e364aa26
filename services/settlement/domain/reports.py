"""Quarterly and annual reports (季报、年报) of the funds, from the ledger, compared with the claim table.

Source: AP (S21, S28). Amounts in fen.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contracts.vocabularies.errors import Refusal
from services.settlement.domain import ledger
from services.settlement.domain.differences import Difference
from services.settlement.domain.reconcile import Period

_FORM: Final = re.compile(r"(20\d\d)(?:Q([1-4])|-(0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True)
class Moved:
    """Sum of one account's entries: by claim (None: of the account itself), ledger account, and whether in
    the period (else before it). through_bank: of PAID, whether it is a payment line's; lines: how many.
    """

    chain: str
    claim_id: str | None
    account: str
    in_period: bool
    through_bank: bool
    fen: int
    lines: int


@dataclass(frozen=True)
class ClaimFacts:
    """What the claim table says: kind, payee role, people with an amount, and what its payment lines say was
    paid in the period in fen.
    """

    kind: str
    payee: str
    people: int
    paid_fen: int


@dataclass
class Row:
    """Claims of one kind and payee role in one account."""

    chain: str
    kind: str
    payee: str
    claims: int = 0
    people: int = 0
    encumbered_fen: int = 0
    ordered_fen: int = 0
    paid_fen: int = 0
    offset_fen: int = 0
    recovered_fen: int = 0
    to_date_fen: int = 0


@dataclass(frozen=True)
class AccountSums:
    """Balances of one chain at the period's end, by ledger account, and what moved in the period."""

    chain: str
    closing: Mapping[str, int]
    turnover: Mapping[str, int]


def period_of(text: str) -> Period:
    """Read a period: 2026, 2026Q1 or 2026-03. Raises Refusal `settlement.period_unknown`."""
    found = _FORM.fullmatch(text)
    if not found:
        raise Refusal("settlement.period_unknown", field="period", period=text)
    year = int(found[1])
    if found[2]:
        first, months = (int(found[2]) - 1) * 3 + 1, 3
    elif found[3]:
        first, months = int(found[3]), 1
    else:
        first, months = 1, 12
    after = first + months
    end = date(year + (after > 12), after - 12 * (after > 12), 1)
    return Period(date(year, first, 1), end - timedelta(days=1))


def account_sums(moved: Iterable[Moved]) -> list[AccountSums]:
    """Return each chain's balances, by its name; chains without a balance or movement are left out."""
    closing: dict[str, dict[str, int]] = {}
    turnover: dict[str, dict[str, int]] = {}
    for each in moved:
        for sums in (closing, turnover) if each.in_period else (closing,):
            of_chain = sums.setdefault(each.chain, defaultdict(int))
            of_chain[each.account] += each.fen
    return [
        AccountSums(chain, sums, turnover.get(chain, {}))
        for chain, sums in sorted(closing.items())
        if any(sums.values()) or any(turnover.get(chain, {}).values())
    ]


def rows(moved: Iterable[Moved], claims: Mapping[str, ClaimFacts]) -> tuple[list[Row], list[Difference]]:
    """Return the report's rows, and the claims whose table says another paid sum than the ledger."""
    found: dict[tuple[str, str, str], Row] = {}
    by_claim: dict[tuple[str, str], list[Moved]] = defaultdict(list)
    for each in moved:
        if each.claim_id is not None:
            by_claim[each.chain, each.claim_id].append(each)
    paid: dict[str, tuple[str, int]] = {}
    differences = []
    for (chain, id), parts in sorted(by_claim.items()):
        facts = claims.get(id)
        if facts is None:
            differences.append(Difference("claim_unknown", chain, id, sum(_paid(part) for part in parts)))
            continue
        row = found.setdefault((chain, facts.kind, facts.payee), Row(chain, facts.kind, facts.payee))
        paid[id] = (chain, paid.get(id, (chain, 0))[1] + sum(_paid(part) for part in parts))
        _add(row, parts, facts)
    for id, facts in sorted(claims.items()):
        chain_of, booked = paid.get(id, ("-", 0))
        if facts.paid_fen != booked:
            differences.append(Difference("claim_sum", chain_of, id, facts.paid_fen - booked))
    kept = [row for _, row in sorted(found.items()) if any(_amounts(row))]
    return kept, differences


def _add(row: Row, parts: list[Moved], facts: ClaimFacts) -> None:
    lines = booked = 0
    for part in parts:
        if part.account == ledger.ENCUMBERED:
            row.encumbered_fen += part.fen
        elif part.account == ledger.ORDERED:
            row.ordered_fen += part.fen
        elif part.account == ledger.PAID:
            row.to_date_fen += part.fen
            if part.in_period:
                booked += part.fen
                lines += part.lines if part.through_bank else 0
                row.paid_fen += part.fen if part.through_bank else 0
                row.offset_fen += 0 if part.through_bank else part.fen
        elif part.account == ledger.RECOVERED and part.in_period:
            row.recovered_fen -= part.fen
    if booked > 0:
        row.claims += 1
        # each person has a payment line of their own; a body is paid for all people of its claim
        row.people += lines if facts.payee == "person" else facts.people


def _paid(part: Moved) -> int:
    counts = part.account == ledger.PAID and part.through_bank and part.in_period
    return part.fen if counts else 0


def _amounts(row: Row) -> tuple[int, ...]:
    return (
        row.encumbered_fen,
        row.ordered_fen,
        row.paid_fen,
        row.offset_fen,
        row.recovered_fen,
        row.to_date_fen,
    )
