"""Facts of settlement's dealings with the bank: payment batches, files read back."""

from contracts.fields import Contract, Count, Fen, LongText, Ref, Sha256, one_of
from contracts.registry import event
from contracts.vocabularies.statuses import BANK_FILES


class BatchBuilt(Contract):
    fund_account = Ref(required=True)
    lines = Count(low=1, required=True)
    total_fen = Fen(required=True)


class BatchSent(Contract):
    """sha256: of the file that the bank has taken, None where the bank was asked after a crash."""

    sha256 = Sha256(load_default=None, allow_none=True)


class BatchSettled(Contract):
    """Every line is paid or has come back."""

    paid_lines = Count(required=True)
    paid_fen = Fen(required=True)
    returned_lines = Count(required=True)


class BatchReleased(Contract):
    """The bank refused it and has none of it; its lines wait again. by: the officer who asked for it."""

    by = Ref(required=True)
    reason = LongText(required=True)
    refused = Ref(required=True)


class BatchDisclosed(Contract):
    """An officer was given the file, with names and accounts, for a purpose."""

    by = Ref(required=True)
    purpose = LongText(required=True)
    format = one_of(("pain.001", "csv"), required=True)
    sha256 = Sha256(required=True)


class BankFileImported(Contract):
    """by: the officer; lines: instructions or bookings in it."""

    kind = one_of(BANK_FILES, required=True)
    by = Ref(required=True)
    sha256 = Sha256(required=True)
    lines = Count(required=True)


BATCH_BUILT = event("settlement.batch.built", 1, BatchBuilt)
BATCH_SENT = event("settlement.batch.sent", 1, BatchSent)
BATCH_SETTLED = event("settlement.batch.settled", 1, BatchSettled)
BATCH_RELEASED = event("settlement.batch.released", 1, BatchReleased)
BATCH_DISCLOSED = event("settlement.batch.disclosed", 1, BatchDisclosed)
BANK_FILE_IMPORTED = event("settlement.bank_file.imported", 1, BankFileImported)
