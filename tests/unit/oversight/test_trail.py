"""The chain of one thing, on a small made-up log."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from services.oversight.domain import trail
from services.oversight.domain.facts import StoredFact, bodies, links, people

START = datetime(2027, 3, 1, tzinfo=UTC)


class Book:
    """Facts in a list, asked as the store asks its database."""

    def __init__(self):
        self.facts = []
        self.truncated = False
        self._sequence = Counter()

    def tell(self, type, id, **data):
        aggregate = type.rpartition(".")[0]
        self._sequence[aggregate, id] += 1
        number = len(self.facts)
        self.facts.append(
            StoredFact(
                f"f{number:04d}",
                type,
                id,
                self._sequence[aggregate, id],
                START + timedelta(seconds=number),
                "a",
                "c",
                data,
            )
        )

    def of(self, ids):
        return [fact for fact in self.facts if fact.aggregate_id in set(ids)]

    def naming(self, ids):
        return [fact for fact in self.facts if set(links(fact)) & set(ids)]

    def about(self, person_ref):
        return [fact for fact in self.facts if person_ref in people(fact)]


@pytest.fixture
def book():
    """Two projects; in the first three workers and a firm, two classes, a claim that pays three."""
    log = Book()
    for number in (1, 2, 3):
        log.tell("intake.person.registered", f"p{number}", region="370102")
        log.tell(
            "intake.demand.posted", f"d{number}", kind="worker", poster_ref=f"p{number}", region="370611"
        )
    log.tell("intake.demand.posted", "firm", kind="enterprise", poster_ref="b1", region="370611")
    for project, demands in (("q1", ["d1", "d2", "d3", "firm"]), ("q2", ["d9"])):
        log.tell("catalogue.project.drafted", project, region="370600", demand_ids=demands)
        for demand in demands:
            log.tell("intake.demand.listed", demand, project_id=project)
        log.tell("acceptance.sourcing.notice_published", f"s-{project}", project_id=project)
        log.tell("acceptance.sourcing.awarded", f"s-{project}", project_id=project, provider_ref="school")
    for id, project in (("c1", "q1"), ("c2", "q1"), ("c9", "q2")):
        log.tell("acceptance.class.confirmed", id, project_id=project, provider_ref="school", region="370611")
    for number, place in ((1, "c1"), (2, "c1"), (3, "c2")):
        person = f"p{number}"
        log.tell("selection.enrolment.held", f"e{number}", class_id=place, person_ref=person)
        log.tell("selection.seating.changed", place, capacity=20, taken=1, waiting=0)
        log.tell("selection.voucher.issued", f"v{number}", person_ref=person, batch_id="batch")
        log.tell("selection.voucher.bound", f"v{number}", person_ref=person, class_id=place)
        log.tell(
            "acceptance.sign_in.recorded", f"i{number}", class_id=place, person_ref=person, session_id="x"
        )
    log.tell("settlement.claim.submitted", "k1", project_id="q1", claimant_ref="school", region="370600")
    log.tell("settlement.claim.submitted", "k9", project_id="q2", claimant_ref="school", region="370600")
    for line, payee in (("l0", "school"), ("l1", "p1"), ("l2", "p2")):
        log.tell("settlement.payment.paid", line, claim_id="k1", payee_ref=payee, amount_fen=1)
        log.tell("settlement.fund.posted", "fund", claim_id="k1", amount_fen=1)
    log.tell("settlement.payment.paid", "l9", claim_id="k9", payee_ref="school", amount_fen=1)
    log.tell("settlement.fund.posted", "fund", claim_id="k9", amount_fen=1)
    return log


PERSON_1 = {
    *("p1", "d1", "q1", "s-q1", "c1", "e1", "v1", "i1", "k1", "l0", "l1", "fund"),
}


@pytest.mark.parametrize("start", ["d1", "e1", "v1", "i1", "l1", "p1"])
def test_a_persons_thing_shows_that_persons_chain_only(book, start):
    found = trail.follow(start, book)
    assert found.person_ref == "p1"
    assert {fact.aggregate_id for fact in found.facts} == PERSON_1
    assert found.complete({})


def test_the_ledger_shows_only_what_names_this_chain(book):
    found = trail.follow("d1", book)
    postings = [fact for fact in found.facts if fact.aggregate == "settlement.fund"]
    assert {fact.data["claim_id"] for fact in postings} == {"k1"}


@pytest.mark.parametrize("start", ["q1", "s-q1", "k1", "firm"])
def test_a_projects_chain_holds_everybody(book, start):
    found = trail.follow(start, book)
    ids = {fact.aggregate_id for fact in found.facts}
    assert found.person_ref is None
    assert ids >= {
        "d1",
        "d2",
        "d3",
        "firm",
        "q1",
        "s-q1",
        "c1",
        "c2",
        "e1",
        "e2",
        "e3",
        "v3",
        "k1",
        "l0",
        "l2",
    }
    assert not ids & {"q2", "s-q2", "c9", "k9", "l9"}


def test_a_classs_chain_leaves_out_the_other_class(book):
    ids = {fact.aggregate_id for fact in trail.follow("c2", book).facts}
    assert ids >= {"c2", "e3", "v3", "i3", "q1", "k1"}
    assert not ids & {"c1", "e1", "i2", "c9"}


def test_stages_come_in_the_order_of_the_five(book):
    found = trail.follow("d1", book)
    assert list(trail.STAGES) == ["intake", "catalogue", "selection", "acceptance", "settlement"]
    assert all(found.things(stage) for stage in trail.STAGES)
    ((thing, facts),) = found.things("catalogue").items()
    assert thing == ("catalogue.project", "q1")
    assert [fact.verb for fact in facts] == ["drafted"]


def test_a_chain_with_a_gap_or_cut_short_is_not_complete(book):
    found = trail.follow("d1", book)
    assert not found.complete({("catalogue.project", "q1"): (2,)})
    book.truncated = True
    assert not trail.follow("d1", book).complete({})


def test_a_chain_that_has_not_reached_the_payment_is_not_complete(book):
    book.tell("intake.demand.posted", "lone", kind="worker", poster_ref="p7", region="370611")
    found = trail.follow("lone", book)
    assert not found.complete({})
    assert {fact.aggregate_id for fact in found.facts} == {"lone"}


def test_sight_follows_from_the_regions_of_the_project(book):
    assert trail.follow("d1", book).regions() == {"370600"}
    book.tell("intake.demand.posted", "lone", kind="worker", poster_ref="p7", region="370611")
    assert trail.follow("lone", book).regions() == {"370611"}
    assert trail.follow("fund", book).regions() == set()


def test_nothing_is_known_of_an_unknown_thing(book):
    assert trail.follow("nobody", book) is None


def test_what_a_fact_names():
    fact = StoredFact(
        "f",
        "settlement.payment.paid",
        "l",
        1,
        START,
        "a",
        "c",
        {"claim_id": "k", "payee_ref": "p", "duplicate_of": None},
    )
    assert links(fact) == ("l", "k")
    assert people(fact) == ("p",)
    assert bodies(fact) == ()
