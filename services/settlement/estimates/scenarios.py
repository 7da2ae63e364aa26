"""The two rule sets of an estimate: an edition as it is, and with the scenario laid over it."""

from contracts.vocabularies import regions
from contracts.vocabularies.errors import Refusal
from services.chassis.settings import Mode
from services.policy import EditionUnknown, RuleSet, rules_for, rules_of_edition
from services.policy.overlay import overlaid
from services.settlement.domain.estimates import Estimate


def rules_of(region: str, edition: str | None, mode: Mode) -> RuleSet:
    """Return an edition of the region's province, the current one without a name.

    Raises Refusal `settlement.no_rules`.
    """
    province = regions.province_of(region)
    try:
        if edition is None:
            return rules_for(province, demonstration=mode == "demonstration")
        found = rules_of_edition(edition)
    except (EditionUnknown, LookupError):
        raise Refusal("settlement.no_rules", field="edition", region=region, day="-", topic="-") from None
    if found.jurisdiction != province:
        raise Refusal("settlement.no_rules", field="edition", region=region, day="-", topic="-")
    return found


def of(estimate: Estimate, edition: RuleSet) -> RuleSet:
    """Return the rules of the estimate's scenario: the edition itself where nothing changes.

    Raises RulesInvalid.
    """
    if not estimate.changes and not estimate.rules:
        return edition
    return overlaid(edition, estimate.name, estimate.content)
