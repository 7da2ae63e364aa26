"""Routes of the pools (brands, bases, teachers, materials, cases) and of the matching board."""

from contracts.commands import catalogue_matching as matching
from contracts.commands import catalogue_pools as c
from gateway.api.route import Route

_CALLS = {
    "brand": ("brands", c.PROPOSE_BRAND, c.LIST_BRANDS, c.GET_BRAND),
    "base": ("bases", c.PROPOSE_BASE, c.LIST_BASES, c.GET_BASE),
    "teacher": ("teachers", c.PROPOSE_TEACHER, c.LIST_TEACHERS, c.GET_TEACHER),
    "material": ("materials", c.PROPOSE_MATERIAL, c.LIST_MATERIALS, c.GET_MATERIAL),
    "case": ("cases", c.PROPOSE_CASE, c.LIST_CASES, c.GET_CASE),
}
_USED = ("base", "teacher", "material")


def _pool(kind: str) -> list[Route]:
    """Return the routes of one kind of entry."""
    name, propose, list_all, get = _CALLS[kind]
    one, fixed = f"/{name}/<entry_id>", {"kind": kind}
    routes = [
        Route("POST", f"/{name}", propose, status=201),
        Route("GET", f"/{name}", list_all),
        Route("GET", one, get),
        Route("POST", f"{one}/publication", c.PUBLISH_ENTRY, fixed=fixed),
        Route("POST", f"{one}/refusal", c.REFUSE_ENTRY, fixed=fixed),
        Route("POST", f"{one}/withdrawal", c.WITHDRAW_ENTRY, fixed=fixed),
    ]
    if kind in _USED:
        routes += [
            Route("POST", f"{one}/ratings", c.RATE_ENTRY, fixed=fixed, status=201),
            Route("POST", f"{one}/uses", c.USE_ENTRY, fixed=fixed, status=201),
            Route("GET", f"{one}/uses", c.LIST_USES, fixed=fixed),
        ]
    return routes


ROUTES = [
    Route("GET", "/brand-names", c.SUGGEST_BRAND_NAME),
    Route("GET", "/brand-coverage", c.BRAND_COVERAGE),
    *(route for kind in _CALLS for route in _pool(kind)),
    Route("POST", "/bases/<entry_id>/supports", c.SUPPORT_BASE, fixed={"kind": "base"}, status=201),
    Route("GET", "/bases/<entry_id>/supports", c.LIST_SUPPORTS, fixed={"kind": "base"}),
    Route("POST", "/needs", matching.STATE_NEED, status=201),
    Route("GET", "/needs", matching.LIST_NEEDS),
    Route("GET", "/needs/<need_id>", matching.GET_NEED),
    Route("POST", "/needs/<need_id>/correction", matching.CORRECT_NEED),
    Route("POST", "/needs/<need_id>/listing", matching.LIST_NEED),
    Route("POST", "/needs/<need_id>/return", matching.RETURN_NEED),
    Route("POST", "/needs/<need_id>/offers", matching.OFFER_COURSE, status=201),
    Route("POST", "/needs/<need_id>/offers/withdrawal", matching.WITHDRAW_OFFER),
    Route("POST", "/needs/<need_id>/offers/acceptance", matching.ACCEPT_OFFER),
    Route("POST", "/needs/<need_id>/conclusion", matching.CONCLUDE_NEED),
    Route("POST", "/needs/<need_id>/withdrawal", matching.WITHDRAW_NEED),
    Route("GET", "/matching-board", matching.MATCHING_BOARD),
]
