"""Routes of settlement (买单): payment batches, the bank's files, and what it booked of no fund's."""

from contracts.commands import settlement_bank as c
from contracts.commands import settlement_suspense as s
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/payment-batches", c.LIST_BATCHES),
    Route("GET", "/payment-batches/<batch_id>", c.GET_BATCH),
    Route("GET", "/payment-batches/<batch_id>/file", c.BATCH_FILE),
    Route("POST", "/payment-batches/<batch_id>/release", c.RELEASE_BATCH),
    # base64 of the largest file, with room for the rest of the body
    Route("POST", "/bank-files", c.IMPORT_BANK_FILE, status=201, max_bytes=5_500_000),
    Route("GET", "/bank-files", c.LIST_BANK_FILES),
    Route("GET", "/bank-balance", s.BANK_BALANCE),
    Route("POST", "/suspense-items", s.PROPOSE_SUSPENSE, status=201),
    Route("GET", "/suspense-items", s.LIST_SUSPENSE),
    Route("POST", "/suspense-items/<suspense_id>/settlement", s.SETTLE_SUSPENSE),
    Route("POST", "/suspense-items/<suspense_id>/decision", s.DECIDE_SUSPENSE),
]
