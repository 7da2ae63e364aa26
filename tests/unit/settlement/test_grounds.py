"""The rules on groups behind a person's eligibility go with the claim: they may bind the fund [600 §4]."""

from datetime import date

import pytest

from services.policy import Certificate, ClassTrainingFacts, TraineeFacts, fund_barred, rules_for
from services.settlement.domain import evidence
from services.settlement.domain.evidence import Person
from services.settlement.domain.kinds.class_training import TrainingFacts
from services.settlement.store.claims import facts_of
from services.settlement.store.documents import plain

HELD = date(2026, 11, 1)
DAY = date(2026, 11, 23)


def training(region: str, kind: str = "employment_skills") -> ClassTrainingFacts:
    return ClassTrainingFacts("K", region, "4-03-02-01", "4", HELD, kind)


@pytest.mark.parametrize(
    ("region", "groups", "verified", "expected"),
    [
        ("140100", ("flexible_worker",), True, ("yes", ("sx.groups.wider",))),
        ("140100", ("flexible_worker",), False, ("needs_proof", ("sx.groups.wider",))),
        ("140100", ("rural_transfer",), True, ("no", ("sx.groups.wider",))),
        ("370611", ("veteran",), True, ("yes", ("sd.groups.other-37",))),
        ("370611", ("unemployed", "veteran"), True, ("yes", ("sd.groups.unemployed", "sd.groups.other-37"))),
    ],
)
def test_who_is_eligible_and_under_which_rules(
    region: str, groups: tuple[str, ...], verified: bool, expected: tuple[str, tuple[str, ...]]
) -> None:
    rules = rules_for(f"{region[:2]}0000")
    person = Person("w1", verified, False, groups)
    assert evidence.eligible(person, training(region), HELD, rules) == expected


def test_who_is_not_known_has_no_grounds() -> None:
    assert evidence.eligible(None, training("140100"), HELD, rules_for("140000")) == ("needs_proof", ())


@pytest.mark.parametrize(
    ("ground", "barred"), [("sx.groups.graduates", "sx.groups.graduates"), ("sx.groups.wider", None)]
)
def test_the_grounds_of_a_kept_claim_bind_its_fund(ground: str, barred: str | None) -> None:
    rules = rules_for("140000")
    proof = Certificate("C1", "4-03-02-01", "4", HELD)
    person = TraineeFacts("x1", True, True, False, "yes", 9, True, proof, grounds=(ground,))
    facts = TrainingFacts("class_training", DAY, "140100", "P", training("140100"), (person,))
    again = facts_of(plain(facts))
    assert again == facts
    rule = fund_barred("employment_subsidy", again.computed(rules), again.grounds(), rules)
    assert (rule.id if rule else None) == barred


def test_a_claim_kept_before_there_were_grounds_computes_again() -> None:
    person = TraineeFacts("x1", True, True, False, "yes", 9, True)
    facts = TrainingFacts("class_training", DAY, "140100", "P", training("140100"), (person,))
    kept = plain(facts)
    del kept["people"][0]["grounds"]
    assert facts_of(kept) == facts


def test_a_refusal_names_the_text_that_named_the_persons_own_group() -> None:
    rules = rules_for("370000")
    person = Person("w1", True, False, ("student",))
    held = date(2022, 2, 1)
    about = ClassTrainingFacts("K", "370102", "4-03-02-01", "4", held)
    outcome, grounds = evidence.eligible(person, about, held, rules)
    trainee = TraineeFacts("w1", True, True, False, outcome, 9, True, grounds=grounds)
    facts = TrainingFacts("class_training", DAY, "370102", "P", about, (trainee,))
    (refused,) = facts.computed(rules).refusals
    assert (refused.fact, refused.document, refused.clause) == ("group_not_eligible", "107", "§1")
