"""Batches of vouchers: what a budget gives, and what became of what was given."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from marshmallow import ValidationError

from contracts.commands.selection_vouchers import IssueVouchersRequest, Progress
from services.selection import voucher_store
from services.selection.domain import batches
from services.selection.domain.batches import Batch, Count

NOW = datetime(2027, 3, 1, tzinfo=UTC)
BATCH = Batch("b", "370600", NOW + timedelta(days=90), NOW, budget_fen=1_000_000, voucher_fen=180_000)


def test_a_budget_gives_whole_vouchers():
    assert BATCH.left == 5
    assert replace(BATCH, given=5).left == 0
    assert replace(BATCH, budget_fen=None, voucher_fen=None).left is None


def test_progress_counts_what_was_ever_done():
    counts = [
        Count("issued", False, False, True, False, 3),
        Count("claimed", True, False, False, False, 2),
        Count("bound", True, False, False, False, 1),
        Count("in_use", True, True, False, False, 4),
        Count("redeemed", True, True, True, False, 5),
        Count("expired", True, False, True, False, 6),
        Count("expired", False, False, True, False, 7),
        Count("revoked", True, True, False, False, 1),
        Count("revoked", False, False, False, True, 2),
        # as an earlier edition wrote it, without moments
        Count("redeemed", False, False, False, False, 1),
    ]
    batch = replace(BATCH, budget_fen=100 * 180_000)
    found = batches.progress(batch, counts, {"distance": 5, "time": 4})
    assert found == {
        "issued": 32, "claimed": 20, "used": 11, "redeemed": 6, "expired": 13, "revoked": 3, "replaced": 2,
        "open": 6, "reminded": 21, "open_fen": 10 * 180_000, "spent_fen": 6 * 180_000,
        "free_fen": 84 * 180_000,
        "causes": [{"cause": "distance", "people": 5}, {"cause": "time", "people": None}],
    }  # fmt: skip
    assert Progress().validate(Progress().dump(found)) == {}


def test_without_a_budget_no_money_is_told():
    found = batches.progress(replace(BATCH, budget_fen=None, voucher_fen=None), [], {})
    assert (found["open_fen"], found["spent_fen"], found["free_fen"]) == (None, None, None)
    assert found["issued"] == 0


@pytest.mark.parametrize(
    ("region", "inside", "outside"),
    [("370000", "370611", "140100"), ("370600", "370611", "370100"), ("370611", "370611", "370612")],
)
def test_a_region_covers_what_lies_in_it(region, inside, outside):
    def lies(code):
        condition = voucher_store.within(region)
        return (
            code == condition
            if isinstance(condition, str)
            else condition["$gte"] <= code <= condition["$lte"]
        )

    assert lies(region)
    assert lies(inside)
    assert not lies(outside)


WHOLE = {"region": "370600", "valid_until": "2027-12-01T00:00:00Z"}


@pytest.mark.parametrize(
    "more",
    [
        {"class_id": "c"},
        {"person_refs": ["p1", "p2"]},
        {"groups": ["unemployed"], "budget_fen": 1_000_000, "voucher_fen": 180_000},
    ],
)
def test_a_batch_goes_to_one_kind_of_target(more):
    assert IssueVouchersRequest().load({**WHOLE, **more})


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"class_id": "c", "groups": ["unemployed"]},
        {"person_refs": ["p1", "p1"]},
        {"groups": []},
        {"groups": ["strangers"]},
        {"class_id": "c", "budget_fen": 1},
        {"class_id": "c", "voucher_fen": 1},
        {"class_id": "c", "budget_fen": 1, "voucher_fen": 0},
    ],
)
def test_what_is_no_batch(more):
    with pytest.raises(ValidationError):
        IssueVouchersRequest().load({**WHOLE, **more})
