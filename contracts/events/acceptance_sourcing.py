"""Facts of sourcing (接单) beside notice, bids, award: questions, deadlines, panel, contract, withdrawal."""

from contracts.events.acceptance import SourcingEnded
from contracts.fields import Contract, Count, Day, Fen, LongText, Moment, Name, Ref, Sha256
from contracts.registry import event


class QuestionAsked(Contract):
    """That a question came; who asked is not told, and what was asked with its answer only."""

    question_id = Ref(required=True)


class QuestionAnswered(Contract):
    """The question and its answer, for all."""

    question_id = Ref(required=True)
    question = LongText(required=True)
    answer = LongText(required=True)


class DeadlinePostponed(Contract):
    """bids_until: the new deadline."""

    bids_until = Moment(required=True)
    reason = LongText(required=True)


class PanelDrawn(Contract):
    """seed: what the draw can be done again with; pool: experts who could be drawn."""

    seed = Sha256(required=True)
    pool = Count(required=True)
    seats = Count(required=True)


class MemberExcused(Contract):
    """A member declared a conflict of interest or was excused. sitting: members after the next came in."""

    sitting = Count(required=True)
    seats = Count(required=True)


class WinnerWithdrawn(SourcingEnded):
    """A candidate or winner stepped back, or lost the award; the next one follows."""

    provider_ref = Ref(required=True)


class ContractConcluded(Contract):
    """Officer and provider agree on the contract. value_fen: for all seats."""

    project_id = Ref(required=True)
    provider_ref = Ref(required=True)
    number = Name(required=True)
    signed_on = Day(required=True)
    value_fen = Fen(required=True)


QUESTION_ASKED = event("acceptance.sourcing.question_asked", 1, QuestionAsked)
QUESTION_ANSWERED = event("acceptance.sourcing.question_answered", 1, QuestionAnswered)
DEADLINE_POSTPONED = event("acceptance.sourcing.deadline_postponed", 1, DeadlinePostponed)
PANEL_DRAWN = event("acceptance.sourcing.panel_drawn", 1, PanelDrawn)
MEMBER_EXCUSED = event("acceptance.sourcing.member_excused", 1, MemberExcused)
CANDIDATE_WITHDRAWN = event("acceptance.sourcing.candidate_withdrawn", 1, WinnerWithdrawn)
AWARD_WITHDRAWN = event("acceptance.sourcing.award_withdrawn", 1, WinnerWithdrawn)
SOURCING_CANCELLED = event("acceptance.sourcing.cancelled", 1, SourcingEnded)
CONTRACT_CONCLUDED = event("acceptance.sourcing.contract_concluded", 1, ContractConcluded)
