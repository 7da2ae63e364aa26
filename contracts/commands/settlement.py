"""Commands and queries of settlement (买单): claims, their review, fund accounts, payments, reconciliation.

Amounts are whole fen. Every step of a claim carries its reason.
"""

from marshmallow import ValidationError, fields, validates_schema

from contracts.fields import (
    Contract,
    Count,
    Day,
    Fen,
    LongText,
    Moment,
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
from contracts.vocabularies import roles, statuses
from contracts.vocabularies.money import FUNDS

OUTCOMES = ("payable", "held", "decision_needed", "recovery_due", "refused")
_CLAIMANTS = {roles.PROVIDER}
_FIRST = {roles.FIRST_REVIEWER}
_SECOND = {roles.SECOND_REVIEWER}
_FINANCE = {roles.FINANCE_OFFICER}
_PAYMENT = {roles.PAYMENT_OFFICER}
_SUPERVISION = {roles.SUPERVISOR}
_REVIEWERS = _FIRST | _SECOND | _FINANCE | _PAYMENT | _SUPERVISION
_READERS = _REVIEWERS | _CLAIMANTS | {roles.AUDITOR}
_BOOKS = _FINANCE | _PAYMENT | _SUPERVISION | {roles.AUDITOR}


class SubmitClaimRequest(Contract):
    """class_id: needed for living costs, which are claimed by class; projects are claimed as a whole."""

    kind = one_of(statuses.CLAIM_KINDS, required=True)
    project_id = Ref(required=True)
    class_id = Ref(load_default=None, allow_none=True)
    fund = one_of(FUNDS.codes, load_default="employment_subsidy")
    reason = LongText(load_default="申请补贴")

    @validates_schema
    def class_for_living_costs_only(self, data: dict[str, object], **_: object) -> None:
        """Refuse living costs without a class, and a class for the others."""
        if (data.get("kind") == "living_cost") != (data.get("class_id") is not None):
            raise ValidationError(
                "生活费补贴按班次申请，项目补贴按项目申请 / living costs name a class, project claims do not",
                "class_id",
            )


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
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.CLAIM, required=True)
    kind = one_of(statuses.CLAIM_KINDS, required=True)
    project_id = Ref(required=True)
    class_id = Ref(required=True, allow_none=True)
    claimant_ref = Ref(required=True)
    claimant_name = Name(required=True)
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

    status: that of the rule (illustrative rates are marked so).
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


class SetBudgetRequest(Contract):
    fund = one_of(FUNDS.codes, required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    budget_fen = Fen(required=True)
    reason = LongText(load_default="年度预算")


class FundAccountRequest(Contract):
    account_id = Ref(required=True)


class FundAccount(Contract):
    """One fund, region and year. entries and head: length and last hash of its chain."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = fields.Constant("open")
    fund = one_of(FUNDS.codes, required=True)
    region = RegionCode(required=True)
    year = Count(low=2000, high=2100, required=True)
    budget_fen = Fen(required=True)
    encumbered_fen = Fen(required=True)
    ordered_fen = Fen(required=True)
    paid_fen = Fen(required=True)
    recovered_fen = Fen(required=True)
    available_fen = Fen(required=True)
    entries = Count(required=True)
    head = Sha256(required=True)


class ListFundsRequest(Contract):
    year = Count(low=2000, high=2100, load_default=None, allow_none=True)


class FundList(Contract):
    items = listed(fields.Nested(FundAccount), high=1000, required=True)


class LedgerRequest(Page):
    account_id = Ref(required=True)


class Posting(Contract):
    account = fields.String(required=True)
    amount_fen = SignedFen(required=True)


class Entry(Contract):
    """One balanced entry; previous and hash chain it to the one before."""

    id = Ref(required=True)
    number = Count(low=1, required=True)
    at = Moment(required=True)
    kind = fields.String(required=True)
    by = Ref(required=True)
    reason = LongText(required=True)
    claim_id = Ref(required=True, allow_none=True)
    payment_id = Ref(required=True, allow_none=True)
    postings = listed(fields.Nested(Posting), low=2, high=10, required=True)
    previous = Sha256(required=True)
    hash = Sha256(required=True)


class Ledger(Contract):
    items = listed(fields.Nested(Entry), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class ReconcileRequest(Contract):
    """Without account_id: all accounts of the officer's region."""

    account_id = Ref(load_default=None, allow_none=True)


class Difference(Contract):
    """One difference, with its likely cause. amount_fen: how much it makes out."""

    kind = fields.String(required=True)
    account_id = Ref(required=True, allow_none=True)
    about = fields.String(required=True)
    amount_fen = SignedFen(required=True)
    zh = LongText(required=True)
    en = LongText(required=True)


class Agreement(Contract):
    """Paid sums of one account by each of the three: bank statement, ledger, claims."""

    account_id = Ref(required=True)
    bank_fen = SignedFen(required=True)
    ledger_fen = SignedFen(required=True)
    claims_fen = SignedFen(required=True)
    entries = Count(required=True)
    agrees = fields.Boolean(required=True)


class Reconciliation(Contract):
    """statement_day: the last day of the bank's statement that was read, null while none was."""

    at = Moment(required=True)
    statement_day = Day(required=True, allow_none=True)
    agrees = fields.Boolean(required=True)
    accounts = listed(fields.Nested(Agreement), high=1000, required=True)
    differences = listed(fields.Nested(Difference), high=10000, required=True)


class Payment(Contract):
    """A payment line. instruction: the bank's reference of the present attempt."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.PAYMENT_LINE, required=True)
    claim_id = Ref(required=True)
    payee_kind = one_of(("person", "body"), required=True)
    payee_ref = Ref(required=True)
    amount_fen = Fen(required=True)
    attempt = Count(low=1, required=True)
    instruction = Ref(required=True)
    sent_at = Moment(required=True, allow_none=True)
    settled_at = Moment(required=True, allow_none=True)
    paid_on = Day(required=True, allow_none=True)
    bank_reason = LongText(required=True, allow_none=True)
    corrected_by = Ref(required=True, allow_none=True)
    correction = LongText(required=True, allow_none=True)


class PaymentRequest(Contract):
    payment_id = Ref(required=True)


class CorrectPaymentRequest(PaymentRequest):
    reason = LongText(required=True)


class ListPaymentsRequest(Page):
    """A worker sees the payments to themselves, a provider those of its claims, officers those of their
    region.
    """

    claim_id = Ref(load_default=None, allow_none=True)
    status = one_of(statuses.PAYMENT_LINE, load_default=None, allow_none=True)


class PaymentList(Contract):
    items = listed(fields.Nested(Payment), high=100, required=True)
    next = Ref(required=True, allow_none=True)


SUBMIT_CLAIM = command("settlement.submit_claim", SubmitClaimRequest, Claim, _CLAIMANTS)
RESUBMIT_CLAIM = command("settlement.resubmit_claim", StepRequest, Claim, _CLAIMANTS)
WITHDRAW_CLAIM = command("settlement.withdraw_claim", StepRequest, Claim, _CLAIMANTS)
ACCEPT_CLAIM = command("settlement.accept_claim", StepRequest, Claim, _FIRST)
SEND_BACK_CLAIM = command("settlement.send_back_claim", StepRequest, Claim, _FIRST | _SECOND)
FIRST_REVIEW = command("settlement.first_review", StepRequest, Claim, _FIRST)
SECOND_REVIEW = command("settlement.second_review", StepRequest, Claim, _SECOND)
PUBLISH_NOTICE = command("settlement.publish_notice", StepRequest, Claim, _SECOND)
REQUEST_FUNDS = command("settlement.request_funds", StepRequest, Claim, _SECOND)
FINANCE_REVIEW = command("settlement.finance_review", StepRequest, Claim, _FINANCE)
ORDER_PAYMENT = command("settlement.order_payment", StepRequest, Claim, _PAYMENT)
REFUSE_CLAIM = command("settlement.refuse_claim", StepRequest, Claim, _REVIEWERS)
SUSPEND_CLAIM = command("settlement.suspend_claim", StepRequest, Claim, _SUPERVISION)
RESUME_CLAIM = command("settlement.resume_claim", StepRequest, Claim, _SUPERVISION)
GET_CLAIM = query("settlement.get_claim", ClaimRequest, Claim, _READERS)
LIST_CLAIMS = query("settlement.list_claims", ListClaimsRequest, ClaimList, _READERS)
GET_CALCULATION = query("settlement.get_calculation", CalculationRequest, Calculation, _READERS)

SET_BUDGET = command("settlement.set_budget", SetBudgetRequest, FundAccount, _FINANCE)
FUND_ACCOUNT = query("settlement.fund_account", FundAccountRequest, FundAccount, _BOOKS)
LIST_FUNDS = query("settlement.list_funds", ListFundsRequest, FundList, _BOOKS)
LEDGER = query("settlement.ledger", LedgerRequest, Ledger, _BOOKS)
RECONCILE = query("settlement.reconcile", ReconcileRequest, Reconciliation, _BOOKS)

CORRECT_PAYMENT = command("settlement.correct_payment", CorrectPaymentRequest, Payment, _PAYMENT)
GET_PAYMENT = query("settlement.get_payment", PaymentRequest, Payment, _READERS | {roles.WORKER})
LIST_PAYMENTS = query("settlement.list_payments", ListPaymentsRequest, PaymentList, _READERS | {roles.WORKER})
