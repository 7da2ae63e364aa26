"""Commands and queries of settlement (买单): claims and their review.

Amounts are whole fen. Every step of a claim carries its reason.
"""

from marshmallow import fields

from contracts.commands.settlement_claims import ResubmitClaimRequest, SubmitClaimRequest
from contracts.commands.settlement_roles import (
    CLAIMANTS,
    FINANCE,
    FIRST,
    PAYMENT,
    READERS,
    REVIEWERS,
    SECOND,
    SUPERVISION,
)
from contracts.fields import (
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Moment,
    Month,
    Name,
    Ref,
    RegionCode,
    Sha256,
    SignedFen,
    listed,
    one_of,
)
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import statuses
from contracts.vocabularies.money import FUNDS, PAYEES

OUTCOMES = ("payable", "held", "decision_needed", "recovery_due", "refused")


class ClaimRequest(Contract):
    claim_id = Ref(required=True)


class StepRequest(ClaimRequest):
    reason = LongText(required=True)


class StepTaken(Contract):
    """by: the account that took the step, in which duty (经办环节)."""

    step = fields.String(required=True)
    duty = fields.String(required=True)
    by = Ref(required=True)
    at = Moment(required=True)
    reason = LongText(required=True)


class Claim(Contract):
    """people: on the calculation; refused_people: with an amount of zero and the reason why.

    payable: whether anything is owed as computed; when not, the claim is held until it is submitted again.
    attempt counts the calculations from 1; fund_account: where the amount is encumbered, once accepted.
    payee: the role in which the money is received; claimant_kind: body or person; month: of a wage month.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.CLAIM, required=True)
    kind = one_of(statuses.CLAIM_KINDS, required=True)
    project_id = Ref(required=True, allow_none=True)
    class_id = Ref(required=True, allow_none=True)
    month = Month(required=True, allow_none=True)
    claimant_kind = one_of(("body", "person"), required=True)
    claimant_ref = Ref(required=True)
    claimant_name = Name(required=True)
    payee = one_of(PAYEES.codes, required=True)
    region = RegionCode(required=True)
    fund = one_of(FUNDS.codes, required=True)
    fund_account = Ref(required=True, allow_none=True)
    attempt = Count(low=1, required=True)
    people = Count(required=True)
    refused_people = Count(required=True)
    total_fen = SignedFen(required=True)
    outcome = one_of(OUTCOMES, required=True)
    payable = fields.Boolean(required=True)
    rules_edition = fields.String(required=True)
    rules_hash = Sha256(required=True)
    submitted_at = Moment(required=True)
    notice_until = Moment(required=True, allow_none=True)
    payment_lines = Count(required=True)
    paid_lines = Count(required=True)
    paid_fen = Fen(required=True)
    offset_fen = Fen(required=True)
    demanded_fen = Fen(required=True)
    recovered_fen = Fen(required=True)
    stopped_fen = Fen(required=True)
    round = Count(low=1, required=True)
    open_objections = listed(Ref(), high=1000, required=True)
    steps = listed(fields.Nested(StepTaken), high=200, required=True)


class ListClaimsRequest(Page):
    """queue: those whose next step is the caller's duty. A provider sees its own, officers those of their
    region.
    """

    queue = fields.Boolean(load_default=False)
    status = one_of(statuses.CLAIM, load_default=None, allow_none=True)
    project_id = Ref(load_default=None, allow_none=True)


class ClaimList(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(Claim), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class Factor(Contract):
    """A ratio or a number of units as whole numbers: 60 % is 60/100, 12 days is 12/1."""

    name = fields.String(required=True)
    num = Count(high=10**13, required=True)
    den = Count(low=1, high=10**13, required=True)


class CalculationLine(Contract):
    """One amount for one person: base × factors, rounded down, at most the cap, less what was paid before.

    status: that of the rule (illustrative rates are marked so); rests_on: every rule whose figure went in,
    where they are more than that of the line.
    """

    person_ref = Ref(required=True)
    what = fields.String(required=True)
    base_fen = Fen(required=True)
    factors = listed(fields.Nested(Factor), high=10, required=True)
    cap_fen = Fen(required=True, allow_none=True)
    less_fen = Fen(required=True)
    amount_fen = SignedFen(required=True)
    rule_id = fields.String(required=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)
    status = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)
    rests_on = listed(fields.String(), high=20)


class CalculationRefusal(Contract):
    """Why nothing is owed for a person (person_ref empty: at all): the rule, the fact and the clause."""

    person_ref = fields.String(required=True)
    rule_id = fields.String(required=True)
    fact = fields.String(required=True)
    document = fields.String(required=True)
    clause = fields.String(required=True)
    status = fields.String(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class CalculationRequest(ClaimRequest):
    attempt = Count(low=1, load_default=None, allow_none=True)


class Calculation(Contract):
    """facts: what was known when it was computed; computes_again: whether they give the same with the rules
    that are here, null when that edition is not.
    """

    claim_id = Ref(required=True)
    attempt = Count(low=1, required=True)
    kind = one_of(statuses.CLAIM_KINDS, required=True)
    outcome = one_of(OUTCOMES, required=True)
    day = Day(required=True)
    rules_edition = fields.String(required=True)
    rules_hash = Sha256(required=True)
    total_fen = SignedFen(required=True)
    computes_again = fields.Boolean(required=True, allow_none=True)
    lines = listed(fields.Nested(CalculationLine), high=20000, required=True)
    refusals = listed(fields.Nested(CalculationRefusal), high=20000, required=True)
    facts = fields.Dict(required=True)


SUBMIT_CLAIM = command("settlement.submit_claim", SubmitClaimRequest, Claim, CLAIMANTS)
RESUBMIT_CLAIM = command("settlement.resubmit_claim", ResubmitClaimRequest, Claim, CLAIMANTS)
WITHDRAW_CLAIM = command("settlement.withdraw_claim", StepRequest, Claim, CLAIMANTS)
ACCEPT_CLAIM = command("settlement.accept_claim", StepRequest, Claim, FIRST)
SEND_BACK_CLAIM = command("settlement.send_back_claim", StepRequest, Claim, FIRST | SECOND)
FIRST_REVIEW = command("settlement.first_review", StepRequest, Claim, FIRST)
SECOND_REVIEW = command("settlement.second_review", StepRequest, Claim, SECOND)
PUBLISH_NOTICE = command("settlement.publish_notice", StepRequest, Claim, SECOND)
REQUEST_FUNDS = command("settlement.request_funds", StepRequest, Claim, SECOND)
FINANCE_REVIEW = command("settlement.finance_review", StepRequest, Claim, FINANCE)
ORDER_PAYMENT = command("settlement.order_payment", StepRequest, Claim, PAYMENT)
REFUSE_CLAIM = command("settlement.refuse_claim", StepRequest, Claim, REVIEWERS)
SUSPEND_CLAIM = command("settlement.suspend_claim", StepRequest, Claim, SUPERVISION)
RESUME_CLAIM = command("settlement.resume_claim", StepRequest, Claim, SUPERVISION)
GET_CLAIM = query("settlement.get_claim", ClaimRequest, Claim, READERS)
LIST_CLAIMS = query("settlement.list_claims", ListClaimsRequest, ClaimList, READERS)
GET_CALCULATION = query("settlement.get_calculation", CalculationRequest, Calculation, READERS)
