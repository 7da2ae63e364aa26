"""Questions before the deadline, answered to all, and deadlines moved back [S10]."""

from dataclasses import replace
from datetime import datetime

from contracts.vocabularies.errors import Refusal
from services.acceptance.domain.facts import Fact, require
from services.acceptance.domain.records import Postponement, Question
from services.acceptance.domain.sourcing import OPEN, Sourcing

MOST_QUESTIONS = 200


def ask(
    sourcing: Sourcing, id: str, provider_ref: str, text: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """A verified provider asks while questions are taken; the fact does not tell who.

    Raises Refusal `acceptance.questions_closed`, `acceptance.questions_full`.
    """
    if sourcing.status(now) != "questions":
        raise Refusal("acceptance.questions_closed", until=sourcing.notice.questions_until.isoformat())
    if len(sourcing.questions) >= MOST_QUESTIONS:
        raise Refusal("acceptance.questions_full", most=MOST_QUESTIONS)
    new = replace(sourcing, questions=(*sourcing.questions, Question(id, provider_ref, text, now)))
    return new, [("acceptance.sourcing.question_asked", {"question_id": id})]


def answer(sourcing: Sourcing, id: str, text: str, by: str, now: datetime) -> tuple[Sourcing, list[Fact]]:
    """An officer answers to all, once and before the deadline.

    Raises Refusal `out_of_order`, `not_found`, `acceptance.already_answered`.
    """
    require(sourcing.status(now), OPEN, "answer_question")
    asked = next((each for each in sourcing.questions if each.id == id), None)
    if asked is None:
        raise Refusal("not_found", field="question_id", what="question")
    if asked.answer is not None:
        raise Refusal("acceptance.already_answered", field="question_id")
    said = replace(asked, answer=text, answered_by=by, answered_at=now)
    questions = tuple(said if each.id == id else each for each in sourcing.questions)
    fact = (
        "acceptance.sourcing.question_answered",
        {"question_id": id, "question": asked.text, "answer": text},
    )
    return replace(sourcing, questions=questions), [fact]


def postpone(
    sourcing: Sourcing, until: datetime, reason: str, by: str, now: datetime
) -> tuple[Sourcing, list[Fact]]:
    """An officer moves the deadline back, never forward, before it has come; bids that lie here stay.

    Raises Refusal `out_of_order`, `acceptance.not_later`.
    """
    require(sourcing.status(now), OPEN, "postpone_deadline")
    before = sourcing.notice.bids_until
    if until <= before:
        raise Refusal("acceptance.not_later", field="bids_until", until=before.isoformat())
    moved = Postponement(before, until, reason, by, now)
    new = replace(
        sourcing,
        notice=replace(sourcing.notice, bids_until=until),
        postponements=(*sourcing.postponements, moved),
    )
    return new, [("acceptance.sourcing.deadline_postponed", {"bids_until": until, "reason": reason})]
