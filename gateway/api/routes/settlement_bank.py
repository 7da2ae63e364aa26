"""Routes of settlement (买单): payment batches, and the bank's files."""

from contracts.commands import settlement_bank as c
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/payment-batches", c.LIST_BATCHES),
    Route("GET", "/payment-batches/<batch_id>", c.GET_BATCH),
    Route("GET", "/payment-batches/<batch_id>/file", c.BATCH_FILE),
    Route("POST", "/payment-batches/<batch_id>/release", c.RELEASE_BATCH),
    # base64 of the largest file, with room for the rest of the body
    Route("POST", "/bank-files", c.IMPORT_BANK_FILE, status=201, max_bytes=5_500_000),
    Route("GET", "/bank-files", c.LIST_BANK_FILES),
]
