"""The estimate against the claims' functions, person by person, each asked with the very facts of the row."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.vocabularies import regions
from contracts.vocabularies.modes import PROJECT_TYPE
from services import policy
from services.policy.overlay import overlaid
from services.settlement.estimates import sample
from services.settlement.estimates.columns import Row
from services.settlement.estimates.population import rows
from services.settlement.estimates.reckoning import Reckoning

PEOPLE = 10_000
_CHANGES = (
    ("sd.project.employment-rate", "2027-03-01", {"percent": 92}),
    ("sd.yantai.living-cost", "2027-02-15", {"daily_fen": 3700, "max_days": 33}),
    ("sd.yantai.project.welder.4", "2027-06-10", {"per_person_fen": 150_000}),
    ("sd.limit.year", "2027-01-01", {"times": 1}),
    ("sd.project.advance", "2027-09-01", {"percent": 45}),
)
SCENARIO = {
    "change": [
        *({"rule": rule, "valid_from": day, "values": values} for rule, day, values in _CHANGES),
        {"rule": "sd.groups.graduates-37", "ends": "2027-07-31"},
    ]
}


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("population") / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        sample.write(file, PEOPLE, seed=33)
    return path


class Claims:
    """What claims would give for the rows of a file: each project and class reckoned as a claim, whole."""

    def __init__(self, rules: policy.RuleSet, read: list[tuple[str, Row]]) -> None:
        self.rules = rules
        self.fen: list[dict[str, int]] = [{} for _ in read]
        trainings: dict[str, list[int]] = defaultdict(list)
        for index, (_, row) in enumerate(read):
            if row.kind in ("project", "class_training"):
                trainings[row.project or f"alone-{index}"].append(index)
            else:
                self._by_day(index, row)
        for indexes in trainings.values():
            self._training(indexes, [read[index][1] for index in indexes])
        self._limits(read)

    def _add(self, index: int, kind: str, fen: int) -> None:
        if fen:
            self.fen[index][kind] = self.fen[index].get(kind, 0) + fen

    def _by_day(self, index: int, row: Row) -> None:
        groups = tuple(policy.GroupFact(each, row.groups_proven, row.graduated_on) for each in row.groups)
        who = policy.LivingCostFacts("x", True, row.real_name, groups)
        days = [row.day - timedelta(days=back) for back in range(row.days)]
        ask = policy.living_cost if row.kind == "living_cost" else policy.transport
        try:
            answer = ask(who, days, row.day + timedelta(days=30), row.region, rules=self.rules)
        except policy.NoRule:
            return
        self._add(index, row.kind, answer.total_fen)

    def _trainee(self, index: int, row: Row) -> policy.TraineeFacts:
        groups = tuple(policy.GroupFact(each, row.groups_proven, row.graduated_on) for each in row.groups)
        what = policy.ClassFacts(row.region, row.occupation, row.level)
        who = policy.PersonFacts(str(index), groups, row.pension)
        asked = policy.eligibility(who, what, row.enrolled_on or row.day, "370000", rules=self.rules)
        proof = (
            policy.Certificate(f"c{index}", row.occupation, row.certificate, row.day)
            if row.certificate
            else None
        )
        return policy.TraineeFacts(
            str(index), True, row.real_name, row.pension, asked.outcome, row.days, row.completed, proof
        )

    def _training(self, indexes: list[int], found: list[Row]) -> None:
        row = found[0]
        people = [self._trainee(index, each) for index, each in zip(indexes, found, strict=True)]
        work = [
            policy.EmploymentFact(str(index), each.employed_from, True)
            for index, each in zip(indexes, found, strict=True)
            if each.employed_from
        ]
        about = policy.ClassTrainingFacts(
            "c", row.region, row.occupation, row.level, row.day, row.training_kind, row.payee,
            hours=row.hours, price_fen=row.price_fen,
        )  # fmt: skip
        after = row.day + timedelta(days=400)
        if row.kind == "project":
            about = replace(about, organisation=PROJECT_TYPE)
            self._project(row, people, work, {str(i): r.advance for i, r in zip(indexes, found, strict=True)})
        else:
            self._take("class_training", policy.class_training(about, people, after, rules=self.rules))
        begun = {each.person_ref: each for each in work}
        asked = [
            policy.UpliftPerson(
                str(index), True, each.real_name, sum(self.fen[index].values()), begun.get(str(index))
            )
            for index, each in zip(indexes, found, strict=True)
        ]
        try:
            self._take("employment_uplift", policy.employment_uplift(about, asked, after, rules=self.rules))
        except policy.NoRule:
            return

    def _project(
        self,
        row: Row,
        people: list[policy.TraineeFacts],
        work: list[policy.EmploymentFact],
        takes: Mapping[str, bool],
    ) -> None:
        project = policy.ProjectFacts(
            "p", row.region, row.occupation, row.level, row.day, row.price_fen, kind=row.training_kind
        )
        first = [each for each in people if takes[each.person_ref]]
        advance = policy.advance(project, first, row.day, rules=self.rules)
        self._take("project_advance", advance)
        paid = {line.person_ref: line.amount_fen for line in advance.lines}
        rest = [replace(each, advance_fen=paid.get(each.person_ref, 0)) for each in people]
        after = row.day + timedelta(days=400)
        self._take("project_balance", policy.balance(project, rest, work, after, rules=self.rules))

    def _take(self, kind: str, answer: policy.Calculation) -> None:
        assert answer.adds_up()
        for line in answer.lines:
            self._add(int(line.person_ref), kind, line.amount_fen)

    def _limits(self, read: list[tuple[str, Row]]) -> None:
        taken: set[str] = set()
        order = sorted(range(len(read)), key=lambda index: (read[index][1].day, index))
        for index in order:
            person, row = read[index]
            if row.kind not in ("project", "class_training") or sum(self.fen[index].values()) <= 0:
                continue
            keys = policy.limit_keys(person, row.occupation, row.level, row.day, "370000", rules=self.rules)
            free = [slot for slot in keys.slots if slot not in taken]
            if keys.pair in taken or (keys.slots and not free):
                self.fen[index] = {}
            else:
                taken |= {*free[:1], keys.pair or ""}


@pytest.mark.parametrize("changes", [None, SCENARIO], ids=["the rules", "a scenario"])
def test_ten_thousand_people_get_what_their_claims_would_give(
    population: Path, changes: dict[str, object] | None
) -> None:
    rules = policy.rules_for("370000")
    if changes is not None:
        rules = overlaid(rules, "test", changes)
    read = list(rows(population, 2027))
    estimate = Reckoning(rules).read(population, 2027)
    claimed = Claims(rules, read).fen
    found = [dict(amounts.fen) for amounts in estimate.amounts_of_rows()]
    wrong = [
        (index, read[index], a, b) for index, (a, b) in enumerate(zip(found, claimed, strict=True)) if a != b
    ]
    assert wrong == []
    table = estimate.table()
    assert table.rows == PEOPLE
    assert table.total_fen == sum(sum(each.values()) for each in claimed) > 0
    assert {kind for _, _, kind in table.cells} == {kind for each in claimed for kind in each}
    assert {city for city, _, _ in table.cells} == {regions.city_of(row.region) for _, row in read}
