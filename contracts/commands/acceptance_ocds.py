"""Export of a process in the Open Contracting Data Standard 1.1: a release package and a record package."""

from marshmallow import fields

from contracts.commands.acceptance_sourcing import SourcingRequest
from contracts.fields import Contract
from contracts.registry import query

_STANDARD = "https://standard.open-contracting.org/1.1/"


class OcdsPublisher(Contract):
    name = fields.String(required=True)
    uid = fields.String(required=True)
    scheme = fields.String(required=True)


class _Package(Contract):
    """Dates and fields are the standard's."""

    uri = fields.String(required=True)
    version = fields.String(required=True)
    publishedDate = fields.String(required=True)
    publisher = fields.Nested(OcdsPublisher, required=True)


class OcdsReleasePackage(_Package):
    """releases: by the standard's release-schema.json."""

    releases = fields.List(fields.Dict(), required=True, metadata={"externalDocs": {"url": _STANDARD}})


class OcdsRecordPackage(_Package):
    """records: by the standard's record-package-schema.json, one with all releases and the compiled one."""

    records = fields.List(fields.Dict(), required=True, metadata={"externalDocs": {"url": _STANDARD}})


OCDS_RELEASES = query("acceptance.ocds_releases", SourcingRequest, OcdsReleasePackage, set())
OCDS_RECORD = query("acceptance.ocds_record", SourcingRequest, OcdsRecordPackage, set())
