"""Calls of sourcing: notice, questions, candidate, objection, award, end, contract.

Sealed bids stand in bid_calls, the panel in panel_calls, filings, tenders and papers in way_calls.
"""

from typing import Any

from contracts.commands import acceptance_sourcing as c
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance import store, views, who
from services.acceptance.domain import awarding, panel, providers, questions, scoring
from services.acceptance.domain import filings as filing
from services.acceptance.domain import sourcing as rules
from services.acceptance.domain.awarding import Findings
from services.acceptance.domain.classes import Training
from services.acceptance.domain.copies import Project
from services.acceptance.domain.facts import Fact
from services.acceptance.domain.filings import Filing
from services.acceptance.domain.keys import RegisteredKey
from services.acceptance.domain.providers import Provider
from services.acceptance.domain.sourcing import Answer, Candidate, Criterion, Notice, Sourcing
from services.acceptance.key_calls import opening_keys
from services.acceptance.sourcing_work import (
    Body,
    bids_of,
    free_project,
    in_region,
    pool_of,
    rules_at,
    saved,
    sourcing_row,
    view,
)
from services.chassis.service import Reader, Unit, command, query

_OVER = ("returned", "stopped")


class SourcingCalls:
    """Notice, questions, candidate, objections, award, end."""

    settings: Any

    @command(c.PUBLISH_NOTICE)
    def publish_notice(self, unit: Unit, body: Body) -> Body:
        """→ questions. One process for a project, held by its row."""
        project, attempt = free_project(unit, body["project_id"])
        new, facts = rules.publish(
            unit.new_id(),
            project,
            _notice(unit, project, body),
            unit.actor.account,
            unit.now,
            rules_at(project, unit.now, self.settings.mode),
            attempt,
            # what the draw is made of beside the receipts; only its hash is told before
            unit.new_id(),
        )
        store.claim(unit, sourcing_row(project.id), new.id)
        return views.sourcing(new, store.save(unit, new, facts), unit.now, [])

    @command(c.ASK_QUESTION)
    def ask_question(self, unit: Unit, body: Body) -> Body:
        """A verified provider asks; the fact does not tell who."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        provider = who.provider_of(unit)
        it, facts = questions.ask(it, unit.new_id(), provider.id, body["question"], unit.now)
        return views.sourcing(it, store.save_sealed(unit, it, facts), unit.now, [])

    @command(c.ANSWER_QUESTION)
    def answer_question(self, unit: Unit, body: Body) -> Body:
        """An officer answers to all."""
        it, by = in_region(unit, body), unit.actor.account
        return saved(unit, *questions.answer(it, body["question_id"], body["answer"], by, unit.now))

    @command(c.POSTPONE_DEADLINE)
    def postpone_deadline(self, unit: Unit, body: Body) -> Body:
        """The deadline moves back."""
        it, by = in_region(unit, body), unit.actor.account
        return saved(unit, *questions.postpone(it, body["bids_until"], body["reason"], by, unit.now))

    @command(c.NAME_CANDIDATE)
    def name_candidate(self, unit: Unit, body: Body) -> Body:
        """Scored → public_notice. Who may no longer act by the register is passed over, with the reason."""
        it = in_region(unit, body)
        estimates = self.settings.mode == "demonstration"
        it = _without_barred(unit, it)
        return saved(unit, *awarding.name_candidate(it, unit.actor.account, unit.now, estimates=estimates))

    @command(c.OBJECT)
    def object(self, unit: Unit, body: Body) -> Body:
        """A verified provider objects to the candidate."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        provider = who.provider_of(unit)
        return saved(
            unit, *awarding.raise_objection(it, unit.new_id(), provider.id, body["reason"], unit.now)
        )

    @command(c.ANSWER_OBJECTION)
    def answer_objection(self, unit: Unit, body: Body) -> Body:
        """A supervisor answers; upheld: the candidate is struck."""
        it = in_region(unit, body)
        answer = Answer(body["upheld"], body["answer"], unit.actor.account, unit.now)
        return saved(unit, *awarding.answer_objection(it, body["objection_id"], answer))

    @command(c.AWARD)
    def award(self, unit: Unit, body: Body) -> Body:
        """public_notice → awarded; a candidate whom the register bars by now is struck instead."""
        it = in_region(unit, body)
        won, facts = awarding.award(it, unit.actor.account, unit.now)
        barred = _barred(unit, it.candidate.provider_ref, "award") if it.candidate else None
        if barred is not None:
            won, facts = awarding.bar_candidate(it, barred, unit.now)
        return saved(unit, won, facts)

    @command(c.WITHDRAW_WINNER)
    def withdraw_winner(self, unit: Unit, body: Body) -> Body:
        """The candidate or winner steps back before the contract; the next one follows."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        mine = who.body_of(unit).id
        _require_no_class(unit, it, mine)
        return _without_winner(unit, *awarding.withdraw_winner(it, mine, body["reason"], unit.now))

    @command(c.REVOKE_AWARD)
    def revoke_award(self, unit: Unit, body: Body) -> Body:
        """A supervisor takes the award back from a winner who does not go on; the next one follows."""
        it = in_region(unit, body)
        if it.candidate is not None:
            _require_no_class(unit, it, it.candidate.provider_ref)
        revoked = awarding.revoke_award(it, unit.actor.account, body["reason"], unit.now)
        return _without_winner(unit, *revoked)

    @command(c.FAIL_SOURCING)
    def fail_sourcing(self, unit: Unit, body: Body) -> Body:
        """→ failed, for a ground that the records show; the project can be offered again."""
        it = _without_barred(unit, in_region(unit, body))
        failed, facts = awarding.fail(it, _findings(unit, it), body["reason"], unit.now)
        store.release(unit, sourcing_row(it.project_id))
        return saved(unit, failed, facts)

    @command(c.CANCEL_SOURCING)
    def cancel_sourcing(self, unit: Unit, body: Body) -> Body:
        """→ cancelled; the project can be offered again."""
        it = in_region(unit, body)
        store.release(unit, sourcing_row(it.project_id))
        return saved(unit, *awarding.cancel(it, body["reason"], unit.now))

    @command(c.RECORD_CONTRACT)
    def record_contract(self, unit: Unit, body: Body) -> Body:
        """An officer records the contract."""
        it, days = in_region(unit, body), (body["signed_on"], body["begins_on"], body["ends_on"])
        recorded = awarding.record_contract(
            it, body["number"], days, body["paper_id"], unit.actor.account, unit.now
        )
        return saved(unit, *recorded)

    @command(c.CONFIRM_CONTRACT)
    def confirm_contract(self, unit: Unit, body: Body) -> Body:
        """The provider confirms it: concluded."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        mine = who.body_of(unit).id
        return saved(unit, *awarding.confirm_contract(it, mine, unit.actor.account, unit.now))

    @query(c.GET_SOURCING)
    def get_sourcing(self, reader: Reader, body: Body) -> Body:
        """The process as everybody sees it."""
        it = store.load(reader, Sourcing, body["sourcing_id"])
        return view(reader, it, store.version_of(reader, Sourcing, it.id))

    @query(c.LIST_SOURCINGS)
    def list_sourcings(self, reader: Reader, body: Body) -> Body:
        """Processes page by page, with their bids left out."""
        where = store.where(body)
        items, following = store.page(reader, Sourcing, body["cursor"], body["limit"], **where)
        return {
            "items": [views.sourcing(it, version, reader.now, []) for it, version in items],
            "next": following,
        }


def _notice(unit: Unit, project: Project, body: Body) -> Notice:
    keys = opening_keys(unit, body["opening_officers"], project.region)
    return Notice(
        body["goal"], body["ceiling_fen"], tuple(Criterion(**each) for each in body["criteria"]),
        body["questions_until"], body["bids_until"], keys,
        body["panel_seats"], body["fixed_price"],
    )  # fmt: skip


def _require_no_class(unit: Unit, it: Sourcing, provider_ref: str) -> None:
    held = store.among(unit, Training, project_id=it.project_id, provider_ref=provider_ref)
    if any(each.status(unit.now) not in _OVER for each in held):
        raise Refusal("acceptance.classes_filed")


def _without_winner(unit: Unit, it: Sourcing, facts: list[Fact]) -> Body:
    if it.failed_at is not None:
        store.release(unit, sourcing_row(it.project_id))
    return saved(unit, it, facts)


def _findings(unit: Unit, it: Sourcing) -> Findings:
    """Return what the records show of whether the process can go on."""
    if not it.sealed:
        return Findings(filing.valid(store.among(unit, Filing, sourcing_id=it.id)))
    bids = bids_of(unit, it)
    named = [store.find(unit, RegisteredKey, each.key_id) for each in it.notice.keys]
    retired = any(each is not None and each.status == "retired" for each in named)
    short = panel.is_short(it, bids, pool_of(unit, it), unit.actor.account, unit.now)
    return Findings(len(scoring.judged(bids)), retired, short)


def _without_barred(unit: Unit, it: Sourcing) -> Sourcing:
    """Return the process without those before its next candidate whom the register bars by now."""
    for each in awarding.still_in(it) if it.status(unit.now) == "scored" else ():
        barred = _barred(unit, each.provider_ref, "name_candidate")
        if barred is None:
            return it
        passed = Candidate(
            each.bid_id, each.provider_ref, each.provider_name, each.price_fen, unit.actor.account,
            unit.now, unit.now,
        )  # fmt: skip
        it = awarding.without_candidate(it, passed, "barred", barred, unit.now)
    return it


def _barred(unit: Unit, provider_ref: str, act: str) -> str | None:
    """Return why the register bars a body from this now, None when it does not."""
    known = store.find(unit, Provider, provider_ref)
    try:
        if known is not None:
            providers.may_act(known, act, today_in_shanghai(unit.now))
    except Refusal as refusal:
        return str(refusal)
    return None
