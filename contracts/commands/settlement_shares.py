"""Queries of settlement (买单): who bears what of a training's cost [37 §18], and what is watched. Fen.

What firm and person bear is no public money; nothing of this decides an amount or refuses a claim.
"""

from marshmallow import fields

from contracts.commands.settlement_periods import PERIOD_FORM
from contracts.commands.settlement_roles import BOOKS, READERS
from contracts.commands.settlement_support import Watched
from contracts.fields import (
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Moment,
    Ref,
    RegionCode,
    group,
    listed,
    one_of,
)
from contracts.registry import query

BEARERS = ("government_share", "firm_share", "person_share")


class ClassSharesRequest(Contract):
    """with_firm: whether a firm takes part; null: whether an enterprise runs the class. groups: of the person
    asked about; a worker's own are those that intake knows.
    """

    class_id = Ref(required=True)
    with_firm = fields.Boolean(load_default=None, allow_none=True)
    groups = listed(group(), high=30, load_default=list)


class CostShare(Contract):
    """One part of the cost, with the rule behind it. status: of that rule (illustrative: no document's)."""

    what = one_of(BEARERS, required=True)
    amount_fen = Fen(required=True)
    rule_id = fields.String(required=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)
    status = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class ClassShares(Contract):
    """What one person's training costs and who bears it; the lines sum to the cost. day: whose rules."""

    class_id = Ref(required=True)
    region = RegionCode(required=True)
    day = Day(required=True)
    cost_fen = Fen(required=True)
    with_firm = fields.Boolean(required=True)
    groups = listed(group(), high=30, required=True)
    lines = listed(fields.Nested(CostShare), low=1, high=3, required=True)
    rules_edition = fields.String(required=True)


class FreeTrainingRequest(Contract):
    class_id = Ref(required=True)


class FreeGroup(Contract):
    """status: of the rule (illustrative: no document names the group)."""

    group = group(required=True)
    rule_id = fields.String(required=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)
    status = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class FreeTraining(Contract):
    """Which groups train free in a class (免费培训). mine: whether the own groups of who asks are among them,
    proven: and the registries know the person; null for who is no learner.
    """

    class_id = Ref(required=True)
    region = RegionCode(required=True)
    day = Day(required=True)
    items = listed(fields.Nested(FreeGroup), high=50, required=True)
    mine = fields.Boolean(required=True, allow_none=True)
    proven = fields.Boolean(required=True, allow_none=True)
    rules_edition = fields.String(required=True)


class ClaimSharesRequest(Contract):
    claim_id = Ref(required=True)


class BearerSum(Contract):
    what = one_of(BEARERS, required=True)
    amount_fen = Fen(required=True)


class ClaimShares(Contract):
    """The cost of all people whom the claim pays for, by bearer. total_fen: what the fund pays."""

    claim_id = Ref(required=True)
    region = RegionCode(required=True)
    day = Day(required=True)
    people = Count(high=10**6, required=True)
    with_firm = fields.Boolean(required=True)
    cost_fen = Fen(required=True)
    shares = listed(fields.Nested(BearerSum), low=3, high=3, required=True)
    total_fen = Fen(required=True)
    rules_edition = fields.String(required=True)


class WatchedRequest(Contract):
    """region: the officer's own when null. period: 2026, 2026Q1 or 2026-03."""

    region = RegionCode(load_default=None, allow_none=True)
    period = fields.String(required=True, validate=PERIOD_FORM)


class CapUse(Contract):
    """A city's general training that was paid for in the period: how many lines reach their cap."""

    city = RegionCode(required=True)
    lines = Count(high=10**9, required=True)
    at_cap = Count(high=10**9, required=True)
    all_at_cap = fields.Boolean(required=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)


class FrontLine(Contract):
    """What a firm spent of its staff education funds in the period, and of it for front-line workers."""

    body_ref = Ref(required=True)
    body_name = fields.String(required=True, allow_none=True)
    region = RegionCode(required=True)
    spent_fen = Fen(required=True)
    front_line_fen = Fen(required=True)
    watched = fields.Nested(Watched, required=True, allow_none=True)


class WatchedReport(Contract):
    """caps: where a text asks that not all be at the cap [600 §1]; front_line: firms' funds [7 §26]."""

    region = RegionCode(required=True)
    period = fields.String(required=True)
    first = Day(required=True)
    last = Day(required=True)
    at = Moment(required=True)
    caps = listed(fields.Nested(CapUse), high=1000, required=True)
    front_line = listed(fields.Nested(FrontLine), high=10_000, required=True)


CLASS_SHARES = query("settlement.class_shares", ClassSharesRequest, ClassShares, READERS)
FREE_TRAINING = query("settlement.free_training", FreeTrainingRequest, FreeTraining, READERS)
CLAIM_SHARES = query("settlement.claim_shares", ClaimSharesRequest, ClaimShares, READERS)
WATCHED_REPORT = query("settlement.watched_report", WatchedRequest, WatchedReport, BOOKS)
