"""Commands and queries of settlement (买单): payment batches, and the bank's files. Amounts in fen."""

from typing import Final

from marshmallow import fields

from contracts.commands.settlement_roles import BOOKS, PAYMENT
from contracts.fields import Base64, Contract, Count, Day, Fen, LongText, Moment, Ref, Sha256, listed, one_of
from contracts.paging import Page
from contracts.registry import command, query
from contracts.vocabularies import statuses

LARGEST_BYTES: Final = 4_000_000
PAYMENT_FORMATS: Final = ("pain.001", "csv")
READ_FORMATS: Final = ("pain.002", "camt.053", "csv")


class Batch(Contract):
    """A payment file (付款批次) of one fund account. id: the message id that the bank knows it by.

    tries: how often it was begun to be sent; sha256: of the file that was sent last; refused: the code of the
    bank's last refusal, after which it is sent again at retry_at; release_by: the officer who asked for it to
    be released, which is done once the bank says that it has none of it. Names and accounts are not kept.
    """

    id = Ref(required=True)
    version = Count(low=1, required=True)
    status = one_of(statuses.BATCH, required=True)
    fund_account = Ref(required=True)
    lines = Count(low=1, required=True)
    total_fen = Fen(required=True)
    paid_lines = Count(required=True)
    paid_fen = Fen(required=True)
    returned_lines = Count(required=True)
    tries = Count(required=True)
    sha256 = Sha256(required=True, allow_none=True)
    built_at = Moment(required=True)
    sent_at = Moment(required=True, allow_none=True)
    settled_at = Moment(required=True, allow_none=True)
    refused = Ref(required=True, allow_none=True)
    refused_at = Moment(required=True, allow_none=True)
    retry_at = Moment(required=True, allow_none=True)
    release_by = Ref(required=True, allow_none=True)


class BatchRequest(Contract):
    batch_id = Ref(required=True)


class ReleaseBatchRequest(BatchRequest):
    reason = LongText(required=True)


class ListBatchesRequest(Page):
    status = one_of(statuses.BATCH, load_default=None, allow_none=True)
    fund_account = Ref(load_default=None, allow_none=True)


class BatchList(Contract):
    items = listed(fields.Nested(Batch), high=100, required=True)
    next = Ref(required=True, allow_none=True)


class BatchFileRequest(BatchRequest):
    """purpose: why it is needed; kept with the disclosure of each payee."""

    format = one_of(PAYMENT_FORMATS, load_default="pain.001")
    encoding = one_of(("utf-8", "gb18030"), load_default="utf-8")
    purpose = LongText(required=True)


class BatchFile(Contract):
    """Names and accounts are those that the payees have given by now."""

    batch_id = Ref(required=True)
    format = one_of(PAYMENT_FORMATS, required=True)
    file_name = fields.String(required=True)
    media_type = fields.String(required=True)
    sha256 = Sha256(required=True)
    lines = Count(required=True)
    total_fen = Fen(required=True)
    content = Base64(1, LARGEST_BYTES, required=True)


class ImportBankFileRequest(Contract):
    kind = one_of(statuses.BANK_FILES, required=True)
    format = one_of(READ_FORMATS, required=True)
    content = Base64(1, LARGEST_BYTES, required=True)


class BankFile(Contract):
    """What a bank's file brought. id: the SHA-256 of the file; name: the bank's own id of it.

    paid, returned: payment lines that it settled; bookings: entries of a statement that were new.
    """

    id = Sha256(required=True)
    version = Count(low=1, required=True)
    kind = one_of(statuses.BANK_FILES, required=True)
    format = one_of(READ_FORMATS, required=True)
    name = fields.String(required=True)
    lines = Count(required=True)
    paid = Count(required=True)
    returned = Count(required=True)
    bookings = Count(required=True)
    first = Day(required=True, allow_none=True)
    last = Day(required=True, allow_none=True)
    imported_by = Ref(required=True)
    imported_at = Moment(required=True)


class ListBankFilesRequest(Page):
    kind = one_of(statuses.BANK_FILES, load_default=None, allow_none=True)


class BankFileList(Contract):
    items = listed(fields.Nested(BankFile), high=100, required=True)
    next = Ref(required=True, allow_none=True)


GET_BATCH = query("settlement.get_batch", BatchRequest, Batch, BOOKS)
LIST_BATCHES = query("settlement.list_batches", ListBatchesRequest, BatchList, BOOKS)
RELEASE_BATCH = command("settlement.release_batch", ReleaseBatchRequest, Batch, PAYMENT)
BATCH_FILE = query("settlement.batch_file", BatchFileRequest, BatchFile, PAYMENT)
IMPORT_BANK_FILE = command("settlement.import_bank_file", ImportBankFileRequest, BankFile, PAYMENT)
LIST_BANK_FILES = query("settlement.list_bank_files", ListBankFilesRequest, BankFileList, BOOKS)
