"""What the platform's own records say should stand in an edition, and how a draft is made to say so."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import cache
from typing import Any, Final

from contracts.vocabularies import regions
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.small_cells import Figure, protected
from contracts.vocabularies.statuses import PROJECT
from services.catalogue.domain import bodies as body_rules
from services.catalogue.domain import editions as rules
from services.catalogue.domain.editions import Edition
from services.catalogue.store import editions as store
from services.catalogue.store import sums
from services.catalogue.store.projects import PROJECTS
from services.chassis.calls import Reader
from services.chassis.unit import Unit

# an item's values (None: it should not be there) and why
Wanted = tuple[dict[str, Any] | None, str]
_ADVERTISED: Final = ("listed", "sourcing", "awarded", "running")
_OWN: Final = "/"
_children = cache(regions.children)


def changes(reader: Reader, edition: Edition) -> list[tuple[str, Wanted]]:
    """Return what is to be changed in a draft so that it says what the records say now."""
    wanted = _GATHERED[edition.kind](reader, edition)
    found = []
    for key, place in store.every_place(reader, edition):
        values, reason = wanted.pop(key, (None, _gone(reader)))
        row = place.own or (place.base if place.there else None)
        if (row.values if row else None) != values:
            found.append((key, (values, reason)))
    return found + [(key, each) for key, each in wanted.items() if each[0] is not None]


def apply(unit: Unit, edition_id: str, changed: list[tuple[str, Wanted]]) -> None:
    """Write some of them, while the edition is still being gathered."""
    edition = store.load_edition(unit, edition_id)
    if edition is None or edition.status != "gathering":
        return
    before = store.places(unit, edition, [key for key, _ in changed])
    by_reason: dict[str, dict[str, dict[str, Any] | None]] = defaultdict(dict)
    for key, (values, reason) in changed:
        by_reason[reason][key] = values
    after: dict[str, rules.Place] = {}
    for reason, values_by_key in by_reason.items():
        edition, placed = rules.put(edition, before, values_by_key, reason)
        after |= placed
    store.save_places(unit, edition, before, after)
    store.save_edition(unit, edition)


def undo(unit: Unit, edition: Edition, most: int) -> bool:
    """Take back what a discarded draft changed, some of it at a time; return whether all of it is."""
    keys = store.touched(unit, edition, most)
    before = store.places(unit, edition, keys)
    after = {key: rules.untouched(place) for key, place in before.items()}
    store.save_places(unit, edition, before, after)
    return len(keys) < most


def _gone(reader: Reader) -> str:
    return f"{today_in_shanghai(reader.now)} 已不在记录中 / no longer in the records"


def _demands(reader: Reader, edition: Edition) -> dict[str, Wanted]:
    """Open demands of workers by county, city and province, small figures left out."""
    reason = f"截至 {today_in_shanghai(reader.now)} 的需求汇总 / the demands as of this day"
    names, counts = ("region", "occupation", "level"), ("open_heads",)
    by_job: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in sums.total(reader, names, {"kind": "worker"}, edition.region, counts):
        by_job[row["occupation"], row["level"]][row["region"]] = row["open_heads"]
    found: dict[str, Wanted] = {}
    for (occupation, level), people in by_job.items():
        for region, workers in _shown(protected(_figure(edition.region, people))):
            values: dict[str, Any] = {"region": region, "occupation": occupation, "level": level}
            values |= {"workers": workers} if workers is not None else {}
            found[f"{region}:{occupation}:{level}"] = values, reason
    return found


def _figure(region: str, people: Mapping[str, int]) -> Figure:
    """Return the people of a region as a tree; those whose demand names no place below it are a leaf too."""
    inside = {each for code in people for each in (code, *regions.ancestors(code))}
    return _tree(region, people, inside)


def _tree(region: str, people: Mapping[str, int], inside: Set[str]) -> Figure:
    parts = [_tree(each, people, inside) for each in _children(region) if each in inside]
    if not parts:
        return Figure(region, people[region])
    if region in people:
        parts.append(Figure(region + _OWN, people[region]))
    return Figure(region, sum(part.value or 0 for part in parts), tuple(parts))


def _shown(figure: Figure) -> Iterator[tuple[str, int | None]]:
    if not figure.key.endswith(_OWN):
        yield figure.key, figure.value
    for part in figure.parts:
        yield from _shown(part)


def _providers(reader: Reader, edition: Edition) -> dict[str, Wanted]:
    found: dict[str, Wanted] = {}
    make = body_rules.provider_item if edition.kind == "providers" else body_rules.body_item
    for body in store.bodies(reader, _codes(edition)):
        if body_rules.listed(body, edition.kind):
            values = {name: value for name, value in make(body).items() if value is not None}
            found[body.id] = values, body.entered or "登记核验通过 / the registration is in order"
        else:
            found[body.id] = None, body.left or _gone(reader)
    return found


def _projects(reader: Reader, edition: Edition) -> dict[str, Wanted]:
    found: dict[str, Wanted] = {}
    names = ("name", "region", "occupation", "level", "mode", "programme", "seats", "hours", "status")
    for doc in reader.find(PROJECTS, {"region": {"$in": _codes(edition)}}):
        word = PROJECT[doc["status"]]
        if doc["status"] in _ADVERTISED:
            terms = {name: doc["listing"][name] for name in ("standard_fen", "illustrative")}
            values = {"code": doc["_id"], **{name: doc[name] for name in names}, **terms}
            values = {name: value for name, value in values.items() if value is not None}
            found[doc["_id"]] = values, f"第 {doc['edition']} 次列单 / listed, edition {doc['edition']}"
        else:
            found[doc["_id"]] = None, doc["reason"] or f"{word} / {doc['status']}"
    return found


def _codes(edition: Edition) -> list[str]:
    return [code for code in regions.CODES if regions.covers(edition.region, code)]


_GATHERED: Final = {
    "worker_demand": _demands, "providers": _providers, "bodies": _providers, "projects": _projects,
}  # fmt: skip
