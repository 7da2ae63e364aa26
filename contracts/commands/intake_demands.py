"""What becomes of a demand (需求单): changed, returned, proof looked at, duplicates merged or told apart."""

from marshmallow import fields

from contracts.commands.intake import Demand, DemandRequest
from contracts.commands.intake_content import DemandContent
from contracts.fields import ChineseMobile, Contract, Count, LongText, Name, Ref, RegionCode, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles

_POSTERS = {roles.WORKER, roles.ENTERPRISE, roles.AGENCY}
_OFFICER = {roles.CATALOGUE_OFFICER}
_READERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR}


class ChangeDemandRequest(DemandContent):
    """The demand as it is to be from now on, whole. A returned one is handed in again by this.

    proof, contact: null leaves what is kept as it is; forget: of these two, what is to be kept no more.
    """

    demand_id = Ref(required=True)
    forget = listed(one_of(("proof", "contact")), high=2, load_default=list)


class ReturnDemandRequest(DemandRequest):
    reason = LongText(required=True)


class DecideProofRequest(DemandRequest):
    """reason: needed when the proof is not accepted."""

    accepted = fields.Boolean(required=True)
    reason = LongText(load_default=None, allow_none=True)


class MergeDemandsRequest(DemandRequest):
    """demand_id stays and stands for merged_id too. headcount: of both, for a firm's; null: as it was."""

    merged_id = Ref(required=True)
    headcount = Count(low=1, high=100_000, load_default=None, allow_none=True)
    reason = LongText(required=True)


class DuplicatesRequest(Page):
    """Of an officer's region, narrowed by `region`."""

    region = RegionCode(load_default=None, allow_none=True)


class DuplicatePair(Contract):
    """demand: the later one; other: the open one that it may double, as both now are."""

    demand = fields.Nested(Demand, required=True)
    other = fields.Nested(Demand, required=True)


class Duplicates(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(DuplicatePair), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class ContactRequest(DemandRequest):
    """purpose: an officer says what for; it is kept in the record of disclosures."""

    purpose = LongText(load_default=None, allow_none=True)


class ContactShown(Contract):
    """In clear. Without a contact of its own a worker's demand has the person's name and phone."""

    demand_id = Ref(required=True)
    name = Name(required=True, allow_none=True)
    phone = ChineseMobile(required=True, allow_none=True)
    hours = Name(required=True, allow_none=True)
    proof_number = Name(required=True, allow_none=True)


CHANGE_DEMAND = command("intake.change_demand", ChangeDemandRequest, Demand, _POSTERS)
RETURN_DEMAND = command("intake.return_demand", ReturnDemandRequest, Demand, _OFFICER)
DECIDE_PROOF = command("intake.decide_proof", DecideProofRequest, Demand, _OFFICER)
MERGE_DEMANDS = command("intake.merge_demands", MergeDemandsRequest, Demand, _OFFICER)
DISMISS_DUPLICATE = command("intake.dismiss_duplicate", ReturnDemandRequest, Demand, _OFFICER)
LIST_DUPLICATES = query("intake.list_duplicates", DuplicatesRequest, Duplicates, _READERS)
DEMAND_CONTACT = query("intake.demand_contact", ContactRequest, ContactShown, {*_POSTERS, *_READERS})
