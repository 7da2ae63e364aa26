"""Commands and queries of filings (备案), recorded tenders (招投标), and the papers of a process."""

from marshmallow import fields

from contracts.commands.acceptance_sourcing import Bidder, Paper, Sourcing, SourcingRequest
from contracts.fields import Base64, Contract, Count, Fen, LongText, Moment, Name, Ref, listed, one_of
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

PAPER_BYTES = 5_000_000
_OFFICER = {roles.CATALOGUE_OFFICER}
_PROVIDER = {roles.PROVIDER, roles.ENTERPRISE}
_READERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}


class FilePlanRequest(SourcingRequest):
    """One plan for the project (一项目一方案). price_fen: for one person."""

    price_fen = Fen(required=True)
    plan = LongText(limit=8000, required=True)
    teachers = listed(Name(), low=1, high=100, required=True)
    places = listed(Name(), low=1, high=100, required=True)


class Filing(Contract):
    """A filing as its provider and the officers see it. reason: of the decision."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.FILING, required=True)
    sourcing_id = Ref(required=True)
    provider_ref = Ref(required=True)
    provider_name = Name(required=True)
    price_fen = Fen(required=True)
    plan = fields.String(required=True)
    teachers = listed(Name(), high=100, required=True)
    places = listed(Name(), high=100, required=True)
    received_at = Moment(required=True)
    decided_at = Moment(required=True, allow_none=True)
    reason = fields.String(required=True)


class Filings(Contract):
    """In the order of receipt, which is the order of examination."""

    sourcing_id = Ref(required=True)
    items = listed(fields.Nested(Filing), high=1000, required=True)


class DecideFilingRequest(SourcingRequest):
    filing_id = Ref(required=True)
    accepted = fields.Boolean(required=True)
    reason = LongText(required=True)


class RecordTenderRequest(Contract):
    """A tender that is over, out of its papers. ceiling_fen and prices: for one person."""

    project_id = Ref(required=True)
    goal = LongText(required=True)
    ceiling_fen = Fen(required=True)
    platform = Name(required=True)
    number = Name(required=True)
    method = one_of(statuses.TENDER_METHODS, required=True)
    published_at = Moment(required=True)
    bids_until = Moment(required=True)
    opened_at = Moment(required=True)
    notice_until = Moment(required=True)
    bidders = listed(fields.Nested(Bidder), low=1, high=100, required=True)
    winner_ref = Ref(required=True)


class AddPaperRequest(SourcingRequest):
    """content: up to 5 MB."""

    kind = one_of(statuses.PAPER_KINDS, required=True)
    name = Name(required=True)
    content = Base64(1, PAPER_BYTES, required=True)


class PaperRequest(SourcingRequest):
    paper_id = Ref(required=True)


class PaperContent(Paper):
    """A paper with its content, as it was added."""

    content = Base64(1, PAPER_BYTES, required=True)


FILE_PLAN = command("acceptance.file_plan", FilePlanRequest, Filing, _PROVIDER)
WITHDRAW_FILING = command("acceptance.withdraw_filing", SourcingRequest, Filing, _PROVIDER)
MY_FILING = query("acceptance.my_filing", SourcingRequest, Filing, _PROVIDER)
LIST_FILINGS = query("acceptance.list_filings", SourcingRequest, Filings, _READERS)
DECIDE_FILING = command("acceptance.decide_filing", DecideFilingRequest, Sourcing, _OFFICER)
RECORD_TENDER = command("acceptance.record_tender", RecordTenderRequest, Sourcing, _OFFICER)
CONFIRM_TENDER = command("acceptance.confirm_tender", SourcingRequest, Sourcing, {roles.SUPERVISOR})
ADD_PAPER = command("acceptance.add_paper", AddPaperRequest, Sourcing, _OFFICER)
GET_PAPER = query("acceptance.get_paper", PaperRequest, PaperContent, _READERS | _PROVIDER)
