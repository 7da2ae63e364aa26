"""Commands and queries of the opening officers' keys (开标密钥)."""

from marshmallow import fields

from contracts.commands.acceptance_sourcing import Sourcing, SourcingRequest
from contracts.fields import Base64, Contract, Count, LongText, Moment, Ref, RegionCode, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_OPENING = {roles.OPENING_OFFICER}
# who opens is told to those who have to know; bidders see the keys in the notice
_READERS = _OPENING | {roles.CATALOGUE_OFFICER, roles.SUPERVISOR, roles.AUDITOR}


class RegisterOpeningKeyRequest(Contract):
    """public_key: the X25519 half that was made on the officer's own device; the other half stays there."""

    public_key = Base64(32, 32, required=True)


class OpeningKeyRequest(Contract):
    key_id = Ref(required=True)


class ConfirmOpeningKeyRequest(OpeningKeyRequest):
    """proof: the 32 bytes that were in the challenge; only the private half gets them out."""

    proof = Base64(32, 32, required=True)


class RetireOpeningKeyRequest(OpeningKeyRequest):
    reason = LongText(required=True)


class ReinviteRequest(SourcingRequest):
    """Another pair of opening officers (one may stay), and a deadline not before the old one."""

    opening_officers = listed(Ref(), low=2, high=2, required=True)
    bids_until = Moment(required=True)
    reason = LongText(required=True)


class OfficersKey(Contract):
    """An opening officer's key. id: first 32 hex digits of the public key's SHA-256, to be compared aloud.

    challenge: 32 random bytes in a sealed box for this key; shown to its owner until it is confirmed.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.OPENING_KEY, required=True)
    officer_account = Ref(required=True)
    region = RegionCode(required=True)
    public_key = fields.String(required=True)
    challenge = fields.String(required=True, allow_none=True)
    registered_at = Moment(required=True)
    confirmed_at = Moment(required=True, allow_none=True)
    retired_at = Moment(required=True, allow_none=True)
    retired_for = fields.String(required=True, allow_none=True)


class ListOpeningKeysRequest(Page):
    """region: officers of that region and all below it; the own region when it is not named."""

    region = RegionCode(load_default=None, allow_none=True)


class OpeningKeys(Contract):
    """next: the cursor of the next page, null on the last."""

    items = listed(fields.Nested(OfficersKey), high=100, required=True)
    next = Ref(required=True, allow_none=True)


REGISTER_OPENING_KEY = command(
    "acceptance.register_opening_key", RegisterOpeningKeyRequest, OfficersKey, _OPENING
)
CONFIRM_OPENING_KEY = command(
    "acceptance.confirm_opening_key", ConfirmOpeningKeyRequest, OfficersKey, _OPENING
)
RETIRE_OPENING_KEY = command(
    "acceptance.retire_opening_key", RetireOpeningKeyRequest, OfficersKey, {*_OPENING, roles.SUPERVISOR}
)
LIST_OPENING_KEYS = query("acceptance.list_opening_keys", ListOpeningKeysRequest, OpeningKeys, _READERS)
REINVITE = command("acceptance.reinvite", ReinviteRequest, Sourcing, {roles.CATALOGUE_OFFICER})
