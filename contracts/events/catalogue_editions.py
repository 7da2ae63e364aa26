"""Facts of the catalogue's editions (目录版次): from the draft to its publication."""

from marshmallow import fields

from contracts.fields import Contract, Count, Day, LongText, RegionCode, one_of
from contracts.registry import event
from contracts.vocabularies import catalogues


class OfEdition(Contract):
    """Of which catalogue, the how manieth edition."""

    kind = one_of(catalogues.CODES, required=True)
    region = RegionCode(required=True)
    number = Count(low=1, required=True)


class EditionTold(OfEdition):
    """items: how many it has; entered, changed, left: since the edition before."""

    items = Count(required=True)
    entered = Count(required=True)
    changed = Count(required=True)
    left = Count(required=True)


class EditionSubmitted(EditionTold):
    publish_on = Day(required=True)


class EditionReviewed(OfEdition):
    accepted = fields.Boolean(required=True)
    reason = LongText(required=True)


class EditionDiscarded(OfEdition):
    reason = LongText(required=True)


EDITION_OPENED = event("catalogue.edition.opened", 1, OfEdition)
EDITION_SUBMITTED = event("catalogue.edition.submitted", 1, EditionSubmitted)
EDITION_REVIEWED = event("catalogue.edition.reviewed", 1, EditionReviewed)
EDITION_PUBLISHED = event("catalogue.edition.published", 1, EditionTold)
EDITION_DISCARDED = event("catalogue.edition.discarded", 1, EditionDiscarded)
