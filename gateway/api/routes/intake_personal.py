"""Routes of intake: deletion of a person's data and what is kept of it."""

from contracts.commands import intake_personal as c
from gateway.api.route import Route

ROUTES = [
    Route("GET", "/persons/me/deletion", c.DELETION),
    Route("GET", "/kept-identities/<person_ref>", c.KEPT_IDENTITY),
]
