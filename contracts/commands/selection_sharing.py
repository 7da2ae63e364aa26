"""Commands and queries of sharing a record: consents, readings, credentials, their check [S08]."""

from marshmallow import ValidationError, fields, validate, validates_schema

from contracts.commands.selection_records import CreditLine, Nothing, RecordEntry
from contracts.devices import DeviceKey
from contracts.fields import Contract, Count, CreditCode, LongText, Moment, Name, Ref, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import roles, statuses

_WORKER = {roles.WORKER}
_READERS = {roles.ENTERPRISE, roles.PROVIDER, roles.ASSESSOR, roles.AGENCY}


class GiveConsentRequest(Contract):
    """Lets one body (by its unified social credit code) read a scope, for a purpose, until a moment.

    scope: kinds of entries, `credits`, and `name` to let the reader see the person's name.
    """

    reader_code = CreditCode(required=True)
    purpose = LongText(required=True)
    scope = listed(one_of(statuses.RECORD_FIELDS), low=1, high=20, required=True)
    until = Moment(required=True)


class ConsentRequest(Contract):
    consent_id = Ref(required=True)


class Consent(Contract):
    """ended_at: when it was revoked."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.CONSENT, required=True)
    reader_code = CreditCode(required=True)
    reader_name = Name(required=True)
    purpose = LongText(required=True)
    scope = listed(one_of(statuses.RECORD_FIELDS), high=20, required=True)
    given_at = Moment(required=True)
    until = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)
    readings = Count(required=True)


class ListConsentsRequest(Page):
    """A worker sees those given; a body those given to it."""


class ConsentList(Contract):
    items = listed(fields.Nested(Consent), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class SharedRecord(Contract):
    """What a consent opens, as it is now. reading_id: under which this reading is logged and shown.

    name: when the consent says so. more: there are more entries than are shown here (the newest).
    """

    consent_id = Ref(required=True)
    reading_id = Ref(required=True)
    purpose = LongText(required=True)
    until = Moment(required=True)
    name = Name(required=True, allow_none=True)
    items = listed(fields.Nested(RecordEntry), high=500, required=True)
    more = fields.Boolean(required=True)
    credits = Count(required=True, allow_none=True)
    credit_lines = listed(fields.Nested(CreditLine), high=1000, required=True)


class Reading(Contract):
    """Who read what of the person's, when, for what."""

    id = Ref(required=True)
    consent_id = Ref(required=True)
    reader_name = Name(required=True)
    reader_code = CreditCode(required=True)
    purpose = LongText(required=True)
    scope = listed(one_of(statuses.RECORD_FIELDS), high=20, required=True)
    entries = Count(required=True)
    at = Moment(required=True)


class ListReadingsRequest(Page):
    """The person's own, newest first."""


class ReadingList(Contract):
    items = listed(fields.Nested(Reading), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class IssueCredentialRequest(Contract):
    """A credential that anyone checks with public tools: of one certificate, or of a scope of the record.

    audience: whom it is meant for, in words, kept with it and shown to the person only. with_name,
    with_id_number: whether it carries them; in an SD-JWT the person may still leave them out, in a badge the
    id number never stands. holder_key: of the person's device, which then proves who shows it.
    """

    kind = one_of(statuses.CREDENTIAL_KINDS, required=True)
    entry_id = Ref(load_default=None, allow_none=True)
    scope = listed(one_of(statuses.RECORD_ENTRY), high=20, load_default=list)
    audience = Name(required=True)
    purpose = LongText(required=True)
    until = Moment(required=True)
    with_name = fields.Boolean(load_default=False)
    with_id_number = fields.Boolean(load_default=False)
    holder_key = DeviceKey(load_default=None, allow_none=True)

    @validates_schema
    def fits_kind(self, data: dict[str, object], **_: object) -> None:
        """Refuse a certificate's credential without its entry, and one of the record without a scope."""
        certificate = data["kind"] == "certificate"
        if certificate != (data.get("entry_id") is not None):
            raise ValidationError(
                "证书凭证须且只有它给出 entry_id / a certificate's credential, and no other, names its entry",
                "entry_id",
            )
        if certificate == bool(data.get("scope")):
            raise ValidationError(
                "档案凭证须且只有它给出 scope / a credential of the record, and no other, names its scope",
                "scope",
            )


class CredentialRequest(Contract):
    credential_id = Ref(required=True)


class CredentialDocumentRequest(CredentialRequest):
    format = one_of(statuses.CREDENTIAL_FORMATS, load_default="open_badge")


class RevokeCredentialRequest(CredentialRequest):
    reason = LongText(load_default="本人撤销 / revoked by the person")


class Credential(Contract):
    """status_list, status_index: where its revocation stands."""

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.CREDENTIAL, required=True)
    kind = one_of(statuses.CREDENTIAL_KINDS, required=True)
    entry_id = Ref(required=True, allow_none=True)
    scope = listed(one_of(statuses.RECORD_ENTRY), high=20, required=True)
    audience = Name(required=True)
    purpose = LongText(required=True)
    issued_at = Moment(required=True)
    until = Moment(required=True)
    with_name = fields.Boolean(required=True)
    with_id_number = fields.Boolean(required=True)
    status_list = Count(required=True)
    status_index = Count(required=True)
    reason = LongText(required=True, allow_none=True)
    revoked_at = Moment(required=True, allow_none=True)


class ListCredentialsRequest(Page):
    """The person's own."""


class CredentialList(Contract):
    items = listed(fields.Nested(Credential), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class CredentialDocument(Contract):
    """credential: compact text, application/vc+jwt or application/dc+sd-jwt. An SD-JWT has other salts each
    time that it is fetched, so that two readers cannot tell that they were shown the same one.
    """

    credential_id = Ref(required=True)
    format = one_of(statuses.CREDENTIAL_FORMATS, required=True)
    media_type = fields.String(required=True)
    credential = fields.String(required=True)


class Issuer(Contract):
    """id: a DID (did:web) that leads to the DID document; jwks: the same keys as a JSON Web Key Set."""

    id = fields.String(required=True)
    did_document = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    jwks = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)


class StatusListRequest(Contract):
    """list_id: the number of the list. form: bitstring (W3C) or token (IETF)."""

    list_id = fields.String(required=True, validate=validate.Regexp(r"^[1-9]\d{0,5}\Z"))
    form = one_of(statuses.STATUS_LIST_FORMS, load_default="bitstring")


class StatusList(Contract):
    """credential: a signed JWT, application/vc+jwt or application/statuslist+jwt."""

    list_id = fields.String(required=True)
    media_type = fields.String(required=True)
    credential = fields.String(required=True)


GIVE_CONSENT = command("selection.give_consent", GiveConsentRequest, Consent, _WORKER)
REVOKE_CONSENT = command("selection.revoke_consent", ConsentRequest, Consent, _WORKER)
LIST_CONSENTS = query("selection.list_consents", ListConsentsRequest, ConsentList, _WORKER | _READERS)
READ_RECORD = query("selection.read_record", ConsentRequest, SharedRecord, _READERS)
LIST_READINGS = query("selection.list_readings", ListReadingsRequest, ReadingList, _WORKER)
ISSUE_CREDENTIAL = command("selection.issue_credential", IssueCredentialRequest, Credential, _WORKER)
REVOKE_CREDENTIAL = command("selection.revoke_credential", RevokeCredentialRequest, Credential, _WORKER)
LIST_CREDENTIALS = query("selection.list_credentials", ListCredentialsRequest, CredentialList, _WORKER)
CREDENTIAL_DOCUMENT = query(
    "selection.credential_document", CredentialDocumentRequest, CredentialDocument, _WORKER
)
ISSUER = query("selection.issuer", Nothing, Issuer, set())
STATUS_LIST = query("selection.status_list", StatusListRequest, StatusList, set())
