"""Routes of the catalogues, directories and lists in their editions."""

from contracts.commands import catalogue_editions as c
from gateway.api.route import MEGABYTE, Route

ROUTES = [
    Route("POST", "/catalogue-editions", c.OPEN_EDITION, status=201),
    Route("GET", "/catalogue-editions", c.LIST_EDITIONS),
    Route("GET", "/catalogue-editions/<edition_id>", c.GET_EDITION),
    Route("GET", "/catalogue-editions/<edition_id>/items", c.EDITION_ITEMS),
    Route("GET", "/catalogue-editions/<edition_id>/changes", c.EDITION_CHANGES),
    Route("POST", "/catalogue-editions/<edition_id>/items", c.PUT_ITEMS),
    Route("POST", "/catalogue-editions/<edition_id>/removals", c.REMOVE_ITEMS),
    Route("POST", "/catalogue-editions/<edition_id>/list", c.TAKE_LIST, max_bytes=4 * MEGABYTE),
    Route("POST", "/catalogue-editions/<edition_id>/gathering", c.GATHER_EDITION),
    Route("POST", "/catalogue-editions/<edition_id>/submission", c.SUBMIT_EDITION),
    Route("POST", "/catalogue-editions/<edition_id>/review", c.REVIEW_EDITION),
    Route("POST", "/catalogue-editions/<edition_id>/discarding", c.DISCARD_EDITION),
]
