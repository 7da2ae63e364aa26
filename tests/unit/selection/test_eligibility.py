"""What a person is told of a class: the answer, its grounds, and what the place would cost (S06, S22)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from contracts.commands.selection import Eligibility
from services.policy import CostShareFacts, cost_share
from services.policy.loader import rules_for
from services.selection.domain import eligibility
from services.selection.domain.classes import TrainingClass
from services.selection.domain.costs import Project
from services.selection.domain.eligibility import Asked
from services.selection.domain.people import Person

NOW = datetime(2027, 3, 1, tzinfo=UTC)
DAY = date(2027, 3, 1)
CLASS = TrainingClass(
    "c", "project", "provider", "示例班", "6-18-02-04", "4", "on_site", "370611", 20, NOW,
    ((NOW, NOW + timedelta(hours=4)),),
)  # fmt: skip
PROJECT = Project("project", "370611", "employment_skills", 180_000, illustrative=True)
PERSON = Person("p", "370611", ("rural_transfer",), "verified", draws_pension=False)


def told(person=PERSON, project=PROJECT, with_firm=False):
    asked = Asked(CLASS, project, with_firm)
    return eligibility.advise(person, asked, DAY, demonstration=True)


def test_a_verified_person_of_a_group_is_eligible_and_is_told_the_rule_and_clause():
    found = told()
    assert found.outcome == "yes"
    assert all(ground.document and ground.clause and ground.zh and ground.en for ground in found.grounds)
    group = next(ground for ground in found.grounds if ground.outcome == "yes")
    assert group.rule in {rule.id for rule in rules_for("370000", demonstration=True).rules}


def test_who_is_not_verified_yet_must_prove_it_and_who_draws_a_pension_is_refused():
    assert told(replace(PERSON, registry="registered", draws_pension=None)).outcome == "needs_proof"
    assert told(replace(PERSON, draws_pension=True)).outcome == "no"
    assert told(replace(PERSON, groups=())).outcome == "no"


@pytest.mark.parametrize("with_firm", [False, True])
def test_the_cost_is_what_the_rules_share_to_the_fen(with_firm):
    cost = told(with_firm=with_firm).cost
    facts = CostShareFacts("p", "370611", "employment_skills", 180_000, with_firm, ("rural_transfer",))
    lines = cost_share(facts, DAY, rules=rules_for("370000", demonstration=True)).lines
    shares = {line.what: line.amount_fen for line in lines}
    assert {line.what: line.amount_fen for line in cost.lines} == shares
    assert cost.person_fen == cost.expected_fen == shares["person_share"] > 0
    assert cost.unsubsidised_fen == 180_000 - shares.get("firm_share", 0)
    assert sum(line.amount_fen for line in cost.lines) == cost.cost_fen == 180_000
    assert cost.illustrative
    assert all(line.clause and line.document for line in cost.lines)


def test_the_awarded_price_comes_before_the_standard():
    assert told(project=replace(PROJECT, price_fen=150_000)).cost.cost_fen == 150_000


def test_who_trains_free_pays_nothing():
    cost = told(replace(PERSON, groups=("disabled",))).cost
    assert cost.person_fen == 0
    assert cost.expected_fen in (0, None)


def test_without_a_subsidy_the_persons_cost_is_all_but_the_firms_share():
    cost = told(replace(PERSON, draws_pension=True), with_firm=True).cost
    assert cost.expected_fen == cost.unsubsidised_fen > cost.person_fen


def test_while_a_proof_is_asked_for_both_figures_are_told_and_none_is_expected():
    cost = told(replace(PERSON, registry="registered")).cost
    assert cost.expected_fen is None
    assert cost.person_fen < cost.unsubsidised_fen


def test_what_is_not_known_is_said():
    assert told(project=None).cost.known == "project_unknown"
    assert told(project=replace(PROJECT, region="370200")).cost.known == "not_shared"


def test_the_answer_keeps_the_contract():
    for found in (told(), told(project=None), told(project=replace(PROJECT, region="370200"))):
        answer = {
            "class_id": "c", "day": DAY, "outcome": found.outcome, "rules_edition": found.edition,
            "lines": found.grounds, "cost": found.cost,
        }  # fmt: skip
        assert Eligibility().validate(Eligibility().dump(answer)) == {}
