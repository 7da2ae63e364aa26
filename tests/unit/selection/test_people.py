"""A person's choices: each class once, no two at the same time."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.vocabularies.errors import Refusal
from services.selection.domain import people
from services.selection.domain.classes import TrainingClass, overlap
from services.selection.domain.people import Person

START = datetime(2027, 3, 1, 1, tzinfo=UTC)


def training_class(id: str, *hours: tuple[int, int]) -> TrainingClass:
    spans = tuple((START + timedelta(hours=one), START + timedelta(hours=other)) for one, other in hours)
    return TrainingClass(
        id, "project", "provider", f"示例班 {id}", "6-18-02-04", "4", "on_site", "370611", 20, START, spans
    )


SOMEBODY = Person("p", "370611", ("unemployed",))


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ([(0, 3)], [(3, 6)], None),
        ([(0, 3)], [(2, 6)], 2),
        ([(0, 8)], [(2, 3)], 2),
        ([(0, 1), (10, 12)], [(1, 9), (11, 12)], 11),
        ([(0, 3)], [(24, 27)], None),
    ],
)
def test_overlap(one, other, clash):
    spans, spans_2 = training_class("a", *one).spans, training_class("b", *other).spans
    expected = None if clash is None else START + timedelta(hours=clash)
    assert overlap(spans, spans_2) == overlap(spans_2, spans) == expected


def test_a_choice_is_taken_up_and_laid_down():
    chosen = people.take_up(SOMEBODY, training_class("a", (0, 3)), [], "e1")
    assert chosen.choices == {"a": "e1"}
    assert people.lay_down(chosen, "a") == SOMEBODY
    assert people.lay_down(chosen, "b") == chosen


def test_a_class_is_chosen_once():
    chosen = people.take_up(SOMEBODY, training_class("a", (0, 3)), [], "e1")
    with pytest.raises(Refusal, match=r"selection\.chosen_already") as refused:
        people.take_up(chosen, training_class("a", (0, 3)), [], "e2")
    assert refused.value.facts == {"enrolment_id": "e1"}


def test_no_two_classes_at_the_same_time():
    taken = training_class("a", (0, 3))
    chosen = people.take_up(SOMEBODY, taken, [], "e1")
    with pytest.raises(Refusal, match=r"selection\.overlap") as refused:
        people.take_up(chosen, training_class("b", (2, 5)), [taken], "e2")
    assert refused.value.facts == {"other": "示例班 a", "from_time": "2027-03-01T03:00Z"}
    assert people.take_up(chosen, training_class("b", (3, 5)), [taken], "e2").choices == {
        "a": "e1",
        "b": "e2",
    }


def test_an_identity_that_the_registry_refused_chooses_nothing():
    refused = Person("p", "370611", (), registry="refused")
    with pytest.raises(Refusal, match=r"selection\.person_refused"):
        people.take_up(refused, training_class("a", (0, 3)), [], "e1")
