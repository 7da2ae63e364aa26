"""No order in which claims are submitted at once breaks a limit: three a year, an occupation and level once.

Drawn trainings of a few people are claimed by several bodies in parallel; then some claims are withdrawn
while the others are computed again.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.chassis.actor import Actor
from tests.integration.settlement.world import Town, at_once, codes

A_YEAR = 3
# occupations and levels for which the city has a standard
PAIRS = (*[("6-18-02-04", level) for level in ("5", "4", "3")], ("6-31-01-03", "4"), ("4-10-01-05", "5"))
PERSONS = 3

trainings = st.tuples(st.sampled_from(PAIRS), st.sets(st.integers(0, PERSONS - 1), min_size=1))
# the claims that are withdrawn afterwards, by their place
plans = st.tuples(st.lists(trainings, min_size=4, max_size=10), st.sets(st.integers(0, 9)))


@dataclass(frozen=True)
class Claimed:
    """A claim for the training of some people in an occupation and level."""

    by: Actor
    project: str
    pair: tuple[str, str]
    people: tuple[str, ...]
    id: str = ""


def carried_out(town: Town, wanted: list[Any], people: list[str]) -> list[Claimed]:
    """Return what may be claimed: each training with a project of its own."""
    givers = [town.provider() for _ in range(2)]
    made = []
    for number, ((occupation, level), who) in enumerate(wanted):
        by, roster = givers[number % 2], [people[each] for each in sorted(who)]
        project = town.project(by, level, occupation=occupation)
        town.hold_class(by, project, roster, level)
        made.append(Claimed(by, project, (occupation, level), tuple(roster)))
    town.await_copies("projects", [each.project for each in made], {"provider_ref": {"$exists": True}})
    return made


def submitted(town: Town, claims: list[Claimed]) -> list[Claimed]:
    """Submit all at once."""
    answers = at_once([lambda each=each: town.advance(each.by, each.project) for each in claims])
    assert codes(answers) == []
    return [
        Claimed(each.by, each.project, each.pair, each.people, answer["id"])
        for each, answer in zip(claims, answers, strict=True)
    ]


def paid_for(town: Town, claims: list[Claimed]) -> dict[str, list[tuple[str, str]]]:
    """Return the occupations and levels that live claims pay each person's training in, by the database."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for each in claims:
        doc = town.db.claims.find_one({"_id": each.id})
        if doc["status"] == "withdrawn":
            continue
        kept = town.db.calculations.find_one({"_id": f"{each.id}:{doc['attempt']}"})["calculation"]
        for line in kept["lines"]:
            assert line["amount_fen"] > 0
            found[line["person_ref"]].append(each.pair)
    return found


def rows_held(town: Town, person: str) -> tuple[int, int]:
    """Return how many rows of a person's year and pairs are taken."""
    of = {"_id": {"$regex": person}, "claims": {"$ne": []}}
    return tuple(town.db.limit_rows.count_documents({**of, "kind": kind}) for kind in ("slot", "pair"))  # type: ignore[return-value]


def assert_within_limits(town: Town, claims: list[Claimed], people: list[str]) -> None:
    """Nobody is paid for more than the limits give, and the rows are those of what is paid."""
    found = paid_for(town, claims)
    for person in people:
        assert len(found[person]) == len(set(found[person])), f"a pair twice: {found[person]}"
        assert len(found[person]) <= A_YEAR, found[person]
        assert rows_held(town, person) == (len(found[person]), len(found[person]))


# a smaller example would be looked for through hundreds of runs of the real thing
@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(plans)
def test_no_order_of_parallel_submissions_breaks_a_limit(town: Town, plan: Any) -> None:
    wanted, withdrawn = plan
    people = town.people(PERSONS)
    claims = submitted(town, carried_out(town, wanted, people))
    assert_within_limits(town, claims, people)
    # whatever came first: nobody gets less than the limits give either
    found = paid_for(town, claims)
    for person in people:
        asked = {each.pair for each in claims if person in each.people}
        assert len(found[person]) == min(A_YEAR, len(asked))
    gone = [each for number, each in enumerate(claims) if number in withdrawn]
    nothing = [
        each
        for each in claims
        if each not in gone and town.db.claims.find_one({"_id": each.id})["total_fen"] == 0
    ]
    answers = at_once(
        [lambda each=each: town.step("withdraw_claim", each.by, each.id) for each in gone]
        + [lambda each=each: town.step("resubmit_claim", each.by, each.id) for each in nothing]
    )
    assert codes(answers) == []
    assert_within_limits(town, claims, people)
