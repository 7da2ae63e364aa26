"""What is set off against many debts at once: what follows for a recovered claim is done once."""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.chassis.unit import Unit
from services.settlement import settling
from services.settlement.domain import claims, funds
from services.settlement.domain.claims import Claim, Subject
from services.settlement.domain.evidence import compute, wanted_rows
from services.settlement.domain.funds import FundAccount
from services.settlement.domain.ledger import Cause
from services.settlement.domain.limits import Row, reserve
from services.settlement.domain.payments import new_line
from services.settlement.domain.recovery import Recovery, Share
from services.settlement.store import books, recoveries
from services.settlement.store import claims as claim_store
from tests.unit.settlement.cases import NOW, known, living_cost_facts, refs, rules

ACCOUNT = "employment_subsidy:370611:2026"
SUBJECT = Subject(
    "living_cost", "project1", "class1", "body1", "演示培训学校", "370611", "employment_subsidy", "person"
)


class Books:
    """Settlement's store for one paid claim whose people all owe what they got; reads are counted."""

    def __init__(self, people: int) -> None:
        self.read: Counter[str] = Counter()
        self.refs = refs(people)
        self.facts = living_cost_facts(self.refs, known(self.refs))
        self.calculation = compute(self.facts, rules())
        self.each = self.calculation.total_fen // people
        made = claims.new_claim("old", SUBJECT, self.calculation, "provider", "申请", NOW)
        self.claims = {"old": replace(made, status="paid", paid_fen=made.total_fen, fund_account=ACCOUNT)}
        self.rows, _ = reserve(wanted_rows(self.facts, self.calculation, rules()), {}, "old")
        self.debts = {each.id: each for each in map(self._debt, self.refs)}
        self.account = self._account()

    def _debt(self, ref: str) -> Recovery:
        share = (Share(ref, self.each, self.each),)
        return Recovery(
            f"r-{ref}", "old", "370611", "employment_subsidy", ACCOUNT, "person", ref, "not_eligible",
            "600 §7", "理由", self.each, share, "supervisor", NOW,
        )  # fmt: skip

    def _account(self) -> FundAccount:
        total = self.calculation.total_fen
        account = funds.opened("employment_subsidy", "370611", 2026)
        changed = funds.set_budget(account, 2 * total, NOW, Cause("budget", "x", "y"))
        assert changed is not None
        account = changed[0]
        for claim, step in (("old", funds.pay), ("new", None)):
            cause = Cause("step", "x", "y", claim)
            account, _ = funds.encumber(account, total, NOW, cause)
            account, _ = funds.order(account, total, NOW, cause)
            account = step(account, total, NOW, cause)[0] if step else account
        return funds.demand(account, total, NOW, Cause("demand", "x", "y", "old"))[0]

    def stand_in(self, patch: pytest.MonkeyPatch) -> None:
        """Take the place of the store's functions."""

        def counted(module: Any, name: str, found: Any) -> None:
            def read(*given: Any) -> Any:
                self.read[name] += 1
                return found(*given)

            patch.setattr(module, name, read)

        counted(claim_store, "load", lambda _unit, id: self.claims[id])
        counted(claim_store, "calculation", lambda *_: (self.facts, self.calculation))
        counted(claim_store, "rows_of", lambda *_: self.rows)
        counted(recoveries, "of_claim", lambda *_: list(self.debts.values()))
        counted(recoveries, "debts_of", lambda *_: list(self.debts.values()))
        counted(recoveries, "load", lambda _unit, id: self.debts[id])
        patch.setattr(books, "account", lambda *_: self.account)
        patch.setattr(books, "save_account", self._save_account)
        patch.setattr(claim_store, "save", self._save_claim)
        patch.setattr(claim_store, "write_rows", lambda *_: None)
        patch.setattr(claim_store, "free_rows", self._free)
        patch.setattr(recoveries, "save_movement", self._save_debt)

    def _save_account(self, _unit: Any, account: FundAccount, _entry: Any) -> None:
        self.account = account

    def _save_claim(self, _unit: Any, claim: Claim, _told: Any) -> None:
        self.claims[claim.id] = claim

    def _save_debt(self, _unit: Any, debt: Recovery, _movement: Any) -> None:
        self.debts[debt.id] = debt

    def _free(self, _unit: Any, ids: list[str]) -> None:
        self.rows: list[Row] = [row for row in self.rows if row.id not in ids]


def set_off(people: int, patch: pytest.MonkeyPatch) -> Books:
    made = Books(people)
    made.stand_in(patch)
    unit: Any = SimpleNamespace(now=NOW, actor=SimpleNamespace(account="payment"))
    new = replace(made.claims["old"], id="new", status="finance_reviewed")
    owed = claims.payees(new, made.calculation)
    left, offset = settling.set_off_debts(unit, new, owed, "理由")
    assert (left, offset) == ({}, made.calculation.total_fen)
    return made


@pytest.mark.parametrize(("offset", "freed"), [(0, True), (1_00, False)])
def test_a_stopped_line_frees_the_rows_of_who_got_nothing(
    offset: int, freed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Books(2)
    made.stand_in(monkeypatch)
    before, ref = list(made.rows), made.refs[0]
    line = new_line("l1", "old", ACCOUNT, "person", ref, made.each - offset)
    settling.line_stopped(cast(Unit, SimpleNamespace(now=NOW)), made.claims["old"], line, "理由")
    gone = [row for row in before if row not in made.rows]
    assert gone == [row for row in before if freed and row.subject.endswith(f"-{ref}")]
    assert bool(gone) is freed


def test_many_debts_are_set_off_with_the_reads_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    one, many = set_off(1, monkeypatch), set_off(200, monkeypatch)
    assert many.read == one.read
    for each in (one, many):
        assert {debt.status for debt in each.debts.values()} == {"settled"}
        assert each.claims["old"].status == "recovered"
        assert each.rows == []
        assert (each.account.due_fen, each.account.ordered_fen) == (0, 0)
        assert each.account.recovered_fen == each.calculation.total_fen
