"""Limits held by rows: which rows a claim takes, and whom it must leave out because a row is taken.

A row belongs to one training of one person (its subject): the advance takes it, the balance of the same
training joins. Source: AP (three a year, an occupation and level once); 600 §10(1) (once for a
certificate); readings of systems.md.
"""

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.policy.results import Calculation, Line, RefusalLine
from services.policy.rules import Rule

SLOT: Final = "slot"
PAIR: Final = "pair"
PAYMENT: Final = "payment"
TRAINING: Final = "training"
STAGE: Final = "stage"
PLACE: Final = "place"
FIRST: Final = "first"
_WORDS: Final = {
    SLOT: ("本年度享受次数已满，占用于申请", "the year's subsidies are used up, the first by claim"),
    PAIR: ("同一职业同一等级已享受，占用于申请", "this occupation and level is taken by claim"),
    PAYMENT: ("同一补贴已申请，占用于申请", "this subsidy has been claimed already by claim"),
    TRAINING: ("本次培训的补贴已申请，占用于申请", "the subsidy of this training is claimed by claim"),
    PLACE: ("培训名额已占用于申请", "the place is taken by claim"),
    FIRST: ("初次取证补贴已申请，占用于申请", "a first certificate of this person is claimed by claim"),
}


@dataclass(frozen=True)
class Row:
    """A taken row: its id, what it limits, which training it belongs to, and the claims that hold it."""

    id: str
    kind: str
    subject: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """What one person's line needs: one slot of several, and every row of `fixed` (kind, id)."""

    person_ref: str
    subject: str
    slots: tuple[str, ...]
    fixed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Clash:
    """A person whose line falls away, and which kind of row was taken by whom."""

    person_ref: str
    kind: str
    holder: str


def reserve(
    wanted: Sequence[Wanted], taken: Mapping[str, Row], claim_id: str
) -> tuple[list[Row], list[Clash]]:
    """Return the rows to write for a claim (new ones, and old ones joined), and the clashes. taken:
    rows by id.
    """
    rows: dict[str, Row] = {}
    known = ChainMap(rows, dict(taken))
    clashes = []
    for each in wanted:
        clash, ids = _claimable(each, known, claim_id)
        if clash is not None:
            clashes.append(clash)
            continue
        for kind, id in ids:
            held = known.get(id)
            claims = tuple(dict.fromkeys((*(held.claims if held else ()), claim_id)))
            rows[id] = Row(id, kind, each.subject, claims)
    return list(rows.values()), clashes


def release(rows: Iterable[Row], claim_id: str) -> tuple[list[Row], list[str]]:
    """Return the rows that other claims go on holding, and the ids of those that become free."""
    kept, freed = [], []
    for row in rows:
        claims = tuple(claim for claim in row.claims if claim != claim_id)
        if claims:
            kept.append(replace(row, claims=claims))
        else:
            freed.append(row.id)
    return kept, freed


def given_up(advance_rows: Iterable[Row], advance_id: str, settled: Collection[str]) -> list[str]:
    """Return the limit rows that an advance gives up once the balance is ordered: those that it holds alone.

    settled: the trainings that the balance settled. Their rows belong to people whose advance is set off, or
    to the year of the last session when the certificate fell into the next one. Who has no part in the
    balance keeps the advance, and so the rows.
    """
    return [
        row.id
        for row in advance_rows
        if row.kind in (SLOT, PAIR) and row.claims == (advance_id,) and row.subject in settled
    ]


def without(calculation: Calculation, clashes: Sequence[Clash], rules: Mapping[str, Rule]) -> Calculation:
    """Return the calculation without the lines of people whose rows are taken, each with a refusal instead.

    rules: the rule behind each kind of row; a payment row is refused under the rule of the line itself.
    """
    if not clashes:
        return calculation
    out = {clash.person_ref: clash for clash in clashes}
    lines = tuple(line for line in calculation.lines if line.person_ref not in out)
    refusals = tuple(
        _refusal(line, out[line.person_ref], rules) for line in calculation.lines if line.person_ref in out
    )
    total = sum(line.amount_fen for line in lines)
    outcome = calculation.outcome
    if outcome in ("payable", "recovery_due"):
        outcome = "recovery_due" if total < 0 else "payable" if lines else "refused"
    return replace(
        calculation,
        lines=lines,
        refusals=(*calculation.refusals, *refusals),
        total_fen=total,
        outcome=outcome,
    )


def _claimable(
    each: Wanted, known: Mapping[str, Row], claim_id: str
) -> tuple[Clash | None, list[tuple[str, str]]]:
    for kind, id in each.fixed:
        row = known.get(id)
        if row is not None and not _joins(row, kind, each, claim_id):
            return Clash(each.person_ref, kind, row.claims[0]), []
    if not each.slots:
        return None, list(each.fixed)
    own = [id for id in each.slots if id in known and known[id].subject == each.subject]
    free = [id for id in each.slots if id not in known]
    if not own and not free:
        return Clash(each.person_ref, SLOT, known[each.slots[0]].claims[0]), []
    return None, [*each.fixed, (SLOT, (own or free)[0])]


def _joins(row: Row, kind: str, each: Wanted, claim_id: str) -> bool:
    # a limit is shared by the stages of one training; every other row is for one claim alone
    return row.subject == each.subject if kind in (SLOT, PAIR) else row.claims == (claim_id,)


def _refusal(line: Line, clash: Clash, rules: Mapping[str, Rule]) -> RefusalLine:
    rule = rules.get(clash.kind)
    about = (
        (rule.id, rule.document, rule.clause, rule.status)
        if rule
        else (line.rule_id, line.document, line.clause, line.status)
    )
    zh, en = _WORDS[clash.kind]
    rule_id, document, clause, status = about
    return RefusalLine(
        line.person_ref, rule_id, f"{clash.kind}_taken", document, clause, status,
        f"{zh}（{clash.holder}）", f"{en} ({clash.holder})",
    )  # fmt: skip
