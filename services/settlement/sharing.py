"""Who bears what of a training's cost, for a class and for a claim; the report of what is watched."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from contracts.vocabularies import regions
from contracts.vocabularies.dates import day_begins, day_ends, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.chassis.calls import Reader
from services.chassis.settings import Mode
from services.policy import Reason, RuleSet
from services.settlement import views
from services.settlement.domain import reports, shares
from services.settlement.domain.shares import Training
from services.settlement.gathering import owners
from services.settlement.reviewing import rules_of
from services.settlement.store import claims as store
from services.settlement.store import copies
from services.settlement.store import shares as read
from services.settlement.store.snapshot import Snapshot, snapshot

SPENT: Final = "staff_education"
FRONT_LINE: Final = "front_line_education"
_LINE: Final = ("what", "amount_fen", "rule_id", "document", "clause", "status", "zh", "en")
_REASON: Final = ("outcome", "fact", "document", "clause", "zh", "en")


def of_class(reader: Reader, body: Mapping[str, Any], mode: Mode) -> dict[str, Any]:
    """Show who bears what of one person's place in a class.

    Raises Refusal `not_found`, `settlement.no_rules` or `settlement.costs_not_shared`.
    """
    held = reader.get("classes", body["class_id"])
    project = copies.project(reader, held["project_id"]) if held and "project_id" in held else None
    if held is None or project is None:
        raise Refusal("not_found", field="class_id", what=f"class/{body['class_id']}")
    training = _training(reader, project.id, body["with_firm"])
    ref, groups = reader.actor.person_ref, list(body["groups"])
    if ref is not None:
        known = copies.people(reader, [ref]).get(ref)
        groups = list(known.groups) if known else []
    rules, day = rules_of(training.region, mode), _day_of(held, reader)
    found = shares.of_person(training, ref or "", groups, day, rules)
    return {
        **vars(training),
        "class_id": held["_id"],
        "day": day,
        "groups": groups,
        "lines": [{name: getattr(line, name) for name in _LINE} for line in found.lines],
        "rules_edition": found.edition,
    }


def free_in_class(reader: Reader, class_id: str, mode: Mode) -> dict[str, Any]:
    """Show which groups train free in a class; who learns is told whether the own groups are among them.

    Raises Refusal `not_found` or `settlement.no_rules`.
    """
    held = reader.get("classes", class_id)
    project = copies.project(reader, held["project_id"]) if held and "project_id" in held else None
    if held is None or project is None:
        raise Refusal("not_found", field="class_id", what=f"class/{class_id}")
    rules, day = rules_of(project.region, mode), _day_of(held, reader)
    free = shares.of_free(project.region, day, rules)
    ref = reader.actor.person_ref
    known = copies.people(reader, [ref]).get(ref) if ref is not None else None
    mine = {each.group for each in free} & set(known.groups if known else ())
    return {
        "class_id": held["_id"],
        "region": project.region,
        "day": day,
        "items": [vars(each) for each in free],
        "mine": None if ref is None else bool(mine),
        # a group counts once the registries know the person
        "proven": None if ref is None else bool(mine) and known is not None and known.verified,
        "rules_edition": rules.edition,
    }


def of_claim(reader: Reader, claim_id: str, mode: Mode) -> dict[str, Any]:
    """Show who bears what of the training of all people whom a claim pays for.

    Raises Refusal `not_found`, `settlement.no_rules` or `settlement.costs_not_shared`.
    """
    claim = store.claim_of(views.visible_claim(reader, claim_id))
    kept = store.calculation(reader, claim.id, claim.attempt)
    if claim.project_id is None or kept is None:
        raise Refusal("settlement.costs_not_shared", region=claim.region, day="-")
    paid = sorted({line.person_ref for line in kept[1].lines if line.amount_fen > 0})
    known = copies.people(reader, paid)
    groups = {ref: known[ref].groups if ref in known else () for ref in paid}
    training = _training(reader, claim.project_id, None)
    rules, day = rules_of(training.region, mode), kept[1].day
    sums = shares.of_people(training, groups, day, rules)
    return {
        "claim_id": claim.id,
        "region": training.region,
        "day": day,
        "people": len(paid),
        "with_firm": training.with_firm,
        "cost_fen": training.cost_fen * len(paid),
        "shares": [{"what": what, "amount_fen": sums[what]} for what in shares.BEARERS],
        "total_fen": claim.total_fen,
        "rules_edition": rules.edition,
    }


def report(reader: Reader, body: Mapping[str, Any], mode: Mode) -> dict[str, Any]:
    """Report what is watched in a region and period. Raises Refusal `region.forbidden` or
    `settlement.period_unknown`.
    """
    region = body["region"] or reader.actor.region
    if region is None:
        raise Refusal("region.forbidden", region="-")
    reader.actor.require_region(region)
    period = reports.period_of(body["period"])
    if period.first is None or period.last is None:
        raise Refusal("settlement.period_unknown", field="period", period=body["period"])
    rules = rules_of(region, mode)
    with snapshot(reader.database) as source:
        caps = list(_caps(source, region, (period.first, period.last), rules))
        firms = list(_front_line(source, region, (period.first, period.last), rules))
    return {
        "region": region,
        "period": body["period"],
        "first": period.first,
        "last": period.last,
        "at": reader.now,
        "caps": [vars(each) for each in caps],
        "front_line": firms,
    }


def _training(reader: Reader, project_id: str, with_firm: bool | None) -> Training:
    project = copies.project(reader, project_id)
    if project is None:
        raise Refusal("not_found", field="project_id", what=f"project/{project_id}")
    cost = project.price_fen
    if cost is None:
        cost = int((reader.get("projects", project_id) or {})["standard_fen"])
    if with_firm is None:
        with_firm = owners.role_of(reader, project.provider_ref or "") == owners.ENTERPRISE
    return Training(project.region, project.training_kind, cost, with_firm)


def _day_of(held: Mapping[str, Any], reader: Reader) -> date:
    if held.get("last_session_ended"):
        return today_in_shanghai(held["last_session_ended"])
    return today_in_shanghai(reader.now)


def _caps(source: Snapshot, region: str, days: tuple[date, date], rules: RuleSet) -> Iterator[shares.CapUse]:
    rule = rules.find("not_all_at_cap", days[1])
    if rule is None:
        return
    below = [code for code in regions.CODES if regions.covers(region, code)]
    span = day_begins(days[0]), day_ends(days[1])
    for city in sorted({city for code in below if (city := regions.city_of(code))}):
        own = [code for code in below if regions.covers(city, code)]
        lines = read.paid_lines(source, own, rule.values["kind"], *span)
        if (use := shares.of_cap(city, lines, days[1], rules)) is not None:
            yield use


def _front_line(
    source: Snapshot, region: str, days: tuple[date, date], rules: RuleSet
) -> Iterator[dict[str, Any]]:
    below = [code for code in regions.CODES if regions.covers(region, code)]
    span = day_begins(days[0]), day_ends(days[1])
    sums = []
    for fund in (SPENT, FRONT_LINE):
        found = source.stream("memorandum_accounts", {"region": {"$in": below}, "fund": fund}, only=["_id"])
        sums.append(read.spent_by_firm(source, [doc["_id"] for doc in found], *span))
    spent, front = sums
    for key in sorted({*spent, *front}):
        firm = copies.body(source, key[1]) or {}
        of_firm = max(front.get(key, 0), 0), max(spent.get(key, 0), 0)
        yield {
            "body_ref": key[1],
            "body_name": firm.get("name"),
            "region": key[0],
            "spent_fen": of_firm[1],
            "front_line_fen": of_firm[0],
            "watched": _shown(shares.of_front_line(*of_firm, days[1], rules)),
        }


def _shown(reason: Reason | None) -> dict[str, Any] | None:
    return None if reason is None else {name: getattr(reason, name) for name in _REASON}
