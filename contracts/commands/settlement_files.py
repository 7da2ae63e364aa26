"""Files of a claim (佐证材料).

Bytes travel in parts, because a message of the broker is bounded (docs/decisions/0011). The gateway cuts an
upload: put_file_part for each part, then attach_file.
"""

import base64
import binascii
from typing import Any

from marshmallow import ValidationError, fields

from contracts.commands.settlement_roles import CLAIMANTS, READERS
from contracts.fields import Contract, Count, Moment, Name, Ref, Sha256, listed, one_of
from contracts.registry import command, query
from contracts.vocabularies import files
from contracts.vocabularies.files import KINDS, LARGEST_OF_ALL, MOST_FILES, MOST_PARTS, PART_BYTES, SCANS


class Bytes(fields.String):
    """Bytes as base64, one part at most."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            raw = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError("应为 base64 / base64 is needed") from None
        if not 0 < len(raw) <= PART_BYTES:
            raise ValidationError(f"应为 1 至 {PART_BYTES} 字节 / 1 to {PART_BYTES} bytes")
        return raw

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return base64.b64encode(bytes(value)).decode()


class FilePartRequest(Contract):
    """upload_id: chosen by who sends, new for each file; number: from 0."""

    claim_id = Ref(required=True)
    upload_id = Ref(required=True)
    number = Count(high=MOST_PARTS - 1, required=True)
    content = Bytes(required=True)


class FilePartTaken(Contract):
    upload_id = Ref(required=True)
    number = Count(required=True)


class AttachFileRequest(Contract):
    """sha256 and size: of the whole content, as the gateway received it."""

    claim_id = Ref(required=True)
    upload_id = Ref(required=True)
    kind = one_of(KINDS, required=True)
    name = Name(required=True)
    sha256 = Sha256(required=True)
    size = Count(low=1, high=LARGEST_OF_ALL, required=True)


class ClaimFile(Contract):
    """A file of a claim. content_type: found in the content, not in the name.

    edited_at: when its bytes were first found to differ from the hash that was kept; null while they agree.
    """

    id = Ref(required=True)
    claim_id = Ref(required=True)
    kind = one_of(KINDS, required=True)
    name = Name(required=True)
    sha256 = Sha256(required=True)
    size = Count(high=LARGEST_OF_ALL, required=True)
    content_type = one_of(files.ENDINGS, required=True)
    scan = one_of(SCANS, required=True)
    scan_found = fields.String(required=True, allow_none=True)
    scanned_at = Moment(required=True, allow_none=True)
    added_by = Ref(required=True)
    added_at = Moment(required=True)
    edited_at = Moment(required=True, allow_none=True)


class ClaimFilesRequest(Contract):
    claim_id = Ref(required=True)


class ClaimFiles(Contract):
    """All files of a claim, the first added first."""

    items = listed(fields.Nested(ClaimFile), high=MOST_FILES, required=True)


class FileRequest(Contract):
    claim_id = Ref(required=True)
    file_id = Ref(required=True)


class ReadPartRequest(FileRequest):
    number = Count(high=MOST_PARTS - 1, required=True)


class FilePart(Contract):
    content = Bytes(required=True)


PUT_FILE_PART = command("settlement.put_file_part", FilePartRequest, FilePartTaken, CLAIMANTS)
ATTACH_FILE = command("settlement.attach_file", AttachFileRequest, ClaimFile, CLAIMANTS)
LIST_FILES = query("settlement.list_files", ClaimFilesRequest, ClaimFiles, READERS)
OPEN_FILE = query("settlement.open_file", FileRequest, ClaimFile, READERS)
READ_FILE_PART = query("settlement.read_file_part", ReadPartRequest, FilePart, READERS)
