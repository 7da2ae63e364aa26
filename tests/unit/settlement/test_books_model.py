"""The ledger and its accounts against a model of plain numbers: any order of steps, thousands of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from contracts.vocabularies.dates import month_of
from contracts.vocabularies.errors import Refusal
from services.settlement.domain import audit, funds, ledger, transfers
from services.settlement.domain.audit import Told
from services.settlement.domain.funds import Change, FundAccount
from services.settlement.domain.ledger import Cause, Entry, Unbalanced

BEGIN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
REGIONS = ("370000", "370611", "370612")
regions = st.sampled_from(REGIONS)
amounts = st.integers(-5, 400)
FIELDS = ("budget", "transferred", "encumbered", "ordered", "paid", "recovered", "due", "written_off")
Step = Callable[[FundAccount, int, datetime, Cause], Change]
# from which sum each step takes its amount, and to which it goes
HELD: dict[Step, tuple[str, str | None]] = {
    funds.release: ("encumbered", None),
    funds.order: ("encumbered", "ordered"),
    funds.pay: ("ordered", "paid"),
    funds.stop: ("ordered", None),
    funds.recover: ("due", "recovered"),
    funds.write_off: ("due", "written_off"),
}


class Books(RuleBasedStateMachine):
    """A province's account and those of two counties of one city, over the months of a year."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.accounts = {each: funds.opened("employment_subsidy", each, 2026) for each in REGIONS}
        self.entries: dict[str, list[Entry]] = {each: [] for each in REGIONS}
        self.model = {each: dict.fromkeys(FIELDS, 0) for each in REGIONS}
        self.closed = dict.fromkeys(REGIONS, "")
        self.transfers = 0

    def free(self, region: str) -> int:
        m = self.model[region]
        used = m["encumbered"] + m["ordered"] + m["paid"] - m["recovered"]
        return m["budget"] + m["transferred"] - used

    def not_demanded(self, region: str) -> int:
        m = self.model[region]
        return m["paid"] - m["recovered"] - m["due"] - m["written_off"]

    def is_closed(self, *names: str) -> bool:
        return any(month_of(self.now) <= self.closed[each] for each in names)

    def take(self, region: str, change: Change) -> None:
        self.accounts[region], entry = change
        self.entries[region].append(entry)

    def attempt(
        self, region: str, step: Step, fen: int, wrong: str | type[Unbalanced] | None, **moves: int
    ) -> None:
        """Take a step that the model expects to go well, or to fail so."""
        cause = Cause("step", "officer", "理由", "claim1")
        wrong = wrong or ("month_closed" if self.is_closed(region) else None)
        if wrong is None:
            self.take(region, step(self.accounts[region], fen, self.now, cause))
            for name, by in moves.items():
                self.model[region][name] += by
        elif isinstance(wrong, str):
            with pytest.raises(Refusal, match=wrong):
                step(self.accounts[region], fen, self.now, cause)
        else:
            with pytest.raises(wrong):
                step(self.accounts[region], fen, self.now, cause)

    @initialize()
    def some_money(self) -> None:
        for region in REGIONS:
            self.budgets(region, 2500)

    @rule(days=st.integers(1, 45))
    def time_goes_on(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(region=regions, early=st.integers(0, 4))
    def a_month_is_closed(self, region: str, early: int) -> None:
        # mostly the one before; now and then the present one, which holds everything up
        month = month_of(self.now if early == 0 else self.now - timedelta(days=31))
        self.closed[region] = max(self.closed[region], month)
        self.accounts[region] = replace(self.accounts[region], closed_through=self.closed[region])

    @rule(region=regions, fen=st.integers(0, 3000))
    def budgets(self, region: str, fen: int) -> None:
        cause = Cause("set_budget", "finance", "预算")
        m = self.model[region]
        set_to = (self.accounts[region], fen, self.now, cause)
        if self.free(region) + fen - m["budget"] < 0:
            with pytest.raises(Refusal, match="budget_below_use"):
                funds.set_budget(*set_to)
        elif fen == m["budget"]:
            assert funds.set_budget(*set_to) is None
        elif self.is_closed(region):
            with pytest.raises(Refusal, match="month_closed"):
                funds.set_budget(*set_to)
        else:
            change = funds.set_budget(*set_to)
            assert change is not None
            self.take(region, change)
            m["budget"] = fen

    @rule(region=regions, fen=amounts)
    def encumbers(self, region: str, fen: int) -> None:
        beyond = "budget_exhausted" if fen > self.free(region) else None
        self.attempt(region, funds.encumber, fen, Unbalanced if fen <= 0 else beyond, encumbered=fen)

    @rule(region=regions, fen=amounts, step=st.sampled_from(list(HELD)), whole=st.booleans())
    def moves_what_is_held(self, region: str, fen: int, step: Step, whole: bool) -> None:
        source, target = HELD[step]
        held = self.model[region][source]
        fen = held if whole else fen
        wrong = None if 0 < fen <= held else Unbalanced
        self.attempt(region, step, fen, wrong, **{source: -fen} | ({target: fen} if target else {}))

    @rule(region=regions, fen=st.integers(1, 300))
    def a_claim_is_paid(self, region: str, fen: int) -> None:
        if fen <= self.free(region):
            self.encumbers(region, fen)
        self.moves_what_is_held(region, fen, funds.order, False)
        self.moves_what_is_held(region, fen, funds.pay, False)

    @rule(region=regions, fen=st.integers(1, 120), given_up=st.booleans())
    def a_debt_is_settled(self, region: str, fen: int, given_up: bool) -> None:
        self.demands_back(region, fen)
        self.moves_what_is_held(region, fen, funds.write_off if given_up else funds.recover, False)

    @rule(region=regions, fen=amounts)
    def a_receipt_was_typed_wrong(self, region: str, fen: int) -> None:
        if 0 < fen <= self.model[region]["recovered"]:
            wrong: str | type[Unbalanced] | None = None if fen <= self.free(region) else "budget_exhausted"
        else:
            wrong = Unbalanced
        self.attempt(region, funds.unrecover, fen, wrong, recovered=-fen, due=fen)

    @rule(region=regions, parts=st.lists(st.integers(1, 90), min_size=1, max_size=4))
    def pays_lines(self, region: str, parts: list[int]) -> None:
        lines = [(f"line{number}", fen) for number, fen in enumerate(parts)]
        wrong = None if sum(parts) <= self.model[region]["ordered"] else Unbalanced

        def step(account: FundAccount, _fen: int, at: datetime, cause: Cause) -> Change:
            return funds.pay_lines(account, lines, at, cause)

        self.attempt(region, step, 0, wrong, ordered=-sum(parts), paid=sum(parts))

    @rule(region=regions, parts=st.lists(st.integers(1, 90), min_size=1, max_size=4))
    def lines_come_back(self, region: str, parts: list[int]) -> None:
        lines = [(f"line{number}", fen) for number, fen in enumerate(parts)]
        wrong = None if sum(parts) <= self.not_demanded(region) else Unbalanced

        def step(account: FundAccount, _fen: int, at: datetime, cause: Cause) -> Change:
            return funds.unpay_lines(account, lines, at, cause)

        self.attempt(region, step, 0, wrong, ordered=sum(parts), paid=-sum(parts))

    @rule(region=regions, fen=amounts)
    def demands_back(self, region: str, fen: int) -> None:
        left = self.not_demanded(region)
        self.attempt(region, funds.demand, fen, None if 0 < fen <= left else Unbalanced, due=fen)

    @rule(giver=regions, taker=regions, fen=amounts)
    def transfers_budget(self, giver: str, taker: str, fen: int) -> None:
        keys = [transfers.Key("employment_subsidy", each, 2026) for each in (giver, taker)]
        if giver == taker or taker == "370000":
            with pytest.raises(Refusal, match="transfer_region"):
                transfers.check(keys[0], keys[1], 2026)
            return
        support = transfers.check(keys[0], keys[1], 2026) == transfers.PROVINCIAL_SUPPORT
        assert support == (giver == "370000")
        self.transfers += 1
        cause = Cause("transfer", "finance", "调剂", about=f"transfer{self.transfers}")
        wanted = (self.accounts[giver], self.accounts[taker], fen, self.now, cause)
        if fen <= 0:
            with pytest.raises(Unbalanced):
                transfers.transfer(*wanted)
        elif fen > self.free(giver) or self.is_closed(giver, taker):
            with pytest.raises(Refusal, match=r"transfer_overdraft|month_closed"):
                transfers.transfer(*wanted)
        else:
            out, into = transfers.transfer(*wanted)
            self.take(giver, out)
            self.take(taker, into)
            self.model[giver]["transferred"] -= fen
            self.model[taker]["transferred"] += fen

    @invariant()
    def agrees_with_the_model(self) -> None:
        for region, account in self.accounts.items():
            m = self.model[region]
            assert {name: getattr(account, f"{name}_fen") for name in FIELDS} == m
            assert account.available_fen == self.free(region) >= 0
            assert m["recovered"] + m["due"] + m["written_off"] <= m["paid"]
            assert ledger.balances(self.entries[region]) == account.sums()
            assert sum(account.sums().values()) == 0
            assert account.head.number == len(self.entries[region])
        assert sum(account.transferred_fen for account in self.accounts.values()) == 0

    def teardown(self) -> None:
        walks = []
        for region, account in self.accounts.items():
            walk = audit.walk(account.id, self.entries[region], Told(account.head, account.sums()))
            assert walk.faults == []
            walks.append(walk)
            if self.entries[region]:
                cut = self.entries[region][1:]
                assert audit.walk(account.id, cut, Told(account.head, account.sums())).faults
        assert audit.one_sided([(walk.chain, walk.current) for walk in walks]) == []


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=120, stateful_step_count=100, deadline=None)
