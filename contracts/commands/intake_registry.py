"""What a demand says of its registry check (联网核查), and the registries' answers that were kept."""

from marshmallow import fields

from contracts.fields import Contract, LongText, Moment, Ref, listed, one_of
from contracts.paging import Page
from contracts.registry import query
from contracts.vocabularies import roles

CHECK_STATES = ("waiting", "outage", "passed", "refused")
CHECKED_KINDS = ("person", "body")
_POSTERS = {roles.WORKER, roles.ENTERPRISE, roles.AGENCY}
_OFFICERS = {roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}


class DemandCheck(Contract):
    """How the check of a demand's poster stands.

    waiting: to be asked; outage: asked, and no registry gave a usable answer since then, so it is asked again
    by itself; said: that in both tongues. checked_at, source: of the latest answer, null while there is none.
    """

    state = one_of(CHECK_STATES, required=True)
    since = Moment(required=True, allow_none=True)
    checked_at = Moment(required=True, allow_none=True)
    source = fields.String(required=True, allow_none=True)
    said = LongText(required=True)


class DemandChecksRequest(Page):
    """The answers about a demand's poster, newest first."""

    demand_id = Ref(required=True)


class CheckResult(Contract):
    """One answer of the registries. purpose: what it was asked for."""

    kind = one_of(CHECKED_KINDS, required=True)
    passed = fields.Boolean(required=True)
    reason = LongText(required=True, allow_none=True)
    source = fields.String(required=True)
    checked_at = Moment(required=True)
    purpose = LongText(required=True)


class CheckResults(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(CheckResult), high=100, required=True)
    next = Ref(required=True, allow_none=True)


DEMAND_CHECKS = query("intake.demand_checks", DemandChecksRequest, CheckResults, {*_POSTERS, *_OFFICERS})
