"""Receipts published at an opening against those that the facts before it tell of."""

import json

import pytest
from click.testing import CliRunner

from infra.sealing import receipt_hash
from infra.sealing.__main__ import main
from infra.sealing.auditing import compare
from services.acceptance.domain import bids as bidding
from services.acceptance.domain.reinviting import reinvite
from tests.unit.acceptance.samples import BIDS_UNTIL, DAY, HOUR, NOW, OUTER, provider, published, sealed
from tests.unit.acceptance.samples import brought as taken_out
from tests.unit.acceptance.test_reinviting import KEYS


class Told:
    """A challenge whose facts are kept as oversight keeps them."""

    def __init__(self):
        self.sourcing, self.bids, self.facts = published(), {}, []

    def keep(self, facts):
        for type, data in facts:
            self.facts.append({"type": type, "sequence": len(self.facts) + 1, "data": data})

    def bid(self, ref, price=150_000):
        made = sealed(self.sourcing, ref, price)
        told = made.body["seal"]
        seal = bidding.Seal(told["scheme"], tuple(told["key_ids"]), told["commitment"])
        args = (self.bids.get(ref), provider(ref), made.ciphertext, seal, NOW + HOUR)
        self.sourcing, self.bids[ref], facts = bidding.submit(self.sourcing, *args)
        self.keep(facts)
        return self.bids[ref]

    def withdraw(self, ref):
        self.sourcing, self.bids[ref], facts = bidding.withdraw(self.sourcing, self.bids[ref], NOW + HOUR)
        self.keep(facts)

    def open(self):
        live = [bid for bid in self.bids.values() if bid.withdrawn_at is None]
        half = bidding.open_layer(
            self.sourcing, live, "opening-1", taken_out(self.sourcing, live, "opening-1"), BIDS_UNTIL
        )[:2]
        self.keep(bidding.open_layer(*half, "opening-2", taken_out(*half, "opening-2"), BIDS_UNTIL)[2])
        return compare(self.facts[::-1])


def test_replaced_and_withdrawn_bids_are_no_mystery():
    told = Told()
    for ref in ("a", "b", "a", "c"):
        told.bid(ref)
    told.withdraw("b")
    told.withdraw("c")
    told.bid("c")
    found = told.open()
    assert (found.borne_out, found.right) == (("a", "c"), True)


def test_bids_before_a_re_invitation_count_no_more():
    told = Told()
    told.bid("a")
    call = ("遗失", BIDS_UNTIL + DAY, "by")
    new, _, facts = reinvite(told.sourcing, list(told.bids.values()), [OUTER.key_id], KEYS, call, NOW)
    told.keep(facts)
    told.keep([("acceptance.sourcing.opened", {"bids": []})])
    assert compare(told.facts).right
    assert new.sealed_bids == 0


@pytest.mark.parametrize("swap", ["older", "foreign", "gone"])
def test_an_exchanged_or_missing_bid_is_found(swap):
    told = Told()
    older, _, mine = told.bid("a", 1), told.bid("b"), told.bid("a", 2)
    if swap == "older":
        told.bids["a"] = older
    if swap == "foreign":
        stranger = Told()
        told.bids["a"] = stranger.bid("a", 3)
    if swap == "gone":
        del told.bids["a"]
    found = told.open()
    assert found.borne_out == ("b",)
    assert found.never_given == (() if swap == "gone" else ("a",))
    assert found.missing == (receipt_hash(mine.receipt),)


def test_an_auditor_reads_pages_of_facts(tmp_path):
    told = Told()
    told.bid("a")
    told.bid("b")
    assert told.open().right
    pages = []
    for number, items in enumerate((told.facts[1:], told.facts[:1])):
        pages.append(str(tmp_path / str(number)))
        (tmp_path / str(number)).write_text(json.dumps({"items": items, "next": None}))
    done = CliRunner().invoke(main, ["audit", *pages])
    assert (done.exit_code, done.stdout.startswith("2 published")) == (0, True)
    assert "never given" in str(CliRunner().invoke(main, ["audit", pages[0]]).exception)
    (tmp_path / "0").write_text(json.dumps({"items": told.facts[:1]}))
    assert "no opening" in str(CliRunner().invoke(main, ["audit", pages[0]]).exception)
