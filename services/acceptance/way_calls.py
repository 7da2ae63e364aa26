"""Calls of filings (备案) and recorded tenders (招投标), and the papers of a process."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from contracts.commands import acceptance_ways as c
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.errors import Refusal
from services.acceptance import sourcing_views, store, who
from services.acceptance import views as sourcings
from services.acceptance.domain import awarding, filings, providers, tenders
from services.acceptance.domain.bids import Offer
from services.acceptance.domain.copies import Body as Provider
from services.acceptance.domain.copies import Project
from services.acceptance.domain.filings import Filing
from services.acceptance.domain.records import Bidder, Paper, Tender
from services.acceptance.domain.sourcing import Notice, Sourcing
from services.acceptance.sourcing_work import Body, free_project, in_region, rules_at, saved, sourcing_row
from services.acceptance.store.sourcing import add_paper, paper_content
from services.chassis.service import Reader, Unit, command, query

MOST_PAPERS = 50


class WayCalls:
    """Filings, tenders, papers."""

    settings: Any

    @command(c.FILE_PLAN)
    def file_plan(self, unit: Unit, body: Body) -> Body:
        """A provider files its plan, or files it anew."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        project = store.load(unit, Project, it.project_id)
        provider = who.acting_provider(unit, "file_plan", project.occupation)
        old = store.find(unit, Filing, f"{it.id}:{provider.id}")
        offer = Offer(body["price_fen"], body["plan"], tuple(body["teachers"]), tuple(body["places"]))
        it, new, facts = filings.file(it, old, provider, offer, unit.now)
        store.save_sealed(unit, it, facts)
        return sourcing_views.filing(new, store.save(unit, new))

    @command(c.WITHDRAW_FILING)
    def withdraw_filing(self, unit: Unit, body: Body) -> Body:
        """A provider takes its filing back."""
        it = store.target(unit, Sourcing, body["sourcing_id"])
        old = store.load(unit, Filing, f"{it.id}:{who.body_of(unit).id}")
        it, gone, facts = filings.withdraw(it, old, unit.now)
        store.save_sealed(unit, it, facts)
        return sourcing_views.filing(gone, store.save(unit, gone))

    @query(c.MY_FILING)
    def my_filing(self, reader: Reader, body: Body) -> Body:
        """The provider's own filing with its decision."""
        mine = store.load(reader, Filing, f"{body['sourcing_id']}:{who.body_of(reader).id}")
        return sourcing_views.filing(mine, store.version_of(reader, Filing, mine.id))

    @query(c.LIST_FILINGS)
    def list_filings(self, reader: Reader, body: Body) -> Body:
        """The filings in the order of receipt, for the region's officers."""
        it = store.load(reader, Sourcing, body["sourcing_id"])
        reader.actor.require_region(it.region)
        found = sorted(store.among(reader, Filing, sourcing_id=it.id), key=lambda each: each.received_at)
        items = [sourcing_views.filing(each, store.version_of(reader, Filing, each.id)) for each in found]
        return {"sourcing_id": it.id, "items": items}

    @command(c.DECIDE_FILING)
    def decide_filing(self, unit: Unit, body: Body) -> Body:
        """An officer accepts the next filing (→ public_notice) or refuses it with the reason."""
        it = in_region(unit, body)
        found = store.among(unit, Filing, sourcing_id=it.id)
        estimates = self.settings.mode == "demonstration"
        until = awarding.notice_end(unit.now, it.rules.working_days, estimates=estimates)
        it, done, facts = filings.decide(
            it,
            found,
            body["filing_id"],
            body["accepted"],
            body["reason"],
            unit.actor.account,
            unit.now,
            until,
        )
        if done.accepted:
            _require_may_act(unit, done.provider_ref, "decide_filing")
        store.save(unit, done)
        return saved(unit, it, facts)

    @command(c.RECORD_TENDER)
    def record_tender(self, unit: Unit, body: Body) -> Body:
        """An officer records the result of a tender: → candidate."""
        project, attempt = free_project(unit, body["project_id"])
        bidders = tuple(
            Bidder(each["name"], each["price_fen"], each["provider_ref"]) for each in body["bidders"]
        )
        tender = Tender(
            body["platform"], body["number"], body["method"], body["published_at"], body["opened_at"],
            body["notice_until"], bidders, body["winner_ref"], unit.actor.account, unit.now,
        )  # fmt: skip
        notice = Notice(body["goal"], body["ceiling_fen"], (), body["published_at"], body["bids_until"], ())
        winner = _winner(unit, body["winner_ref"])
        rules = rules_at(project, unit.now, self.settings.mode)
        new, facts = tenders.record(unit.new_id(), project, notice, tender, winner, rules, attempt)
        store.claim(unit, sourcing_row(project.id), new.id)
        return sourcings.sourcing(new, store.save(unit, new, facts), unit.now, [])

    @command(c.CONFIRM_TENDER)
    def confirm_tender(self, unit: Unit, body: Body) -> Body:
        """A supervisor compared record and papers: candidate → awarded."""
        it = in_region(unit, body)
        winner = _winner(unit, it.tender.winner if it.tender else "")
        _require_may_act(unit, winner.id, "confirm_tender")
        return saved(unit, *tenders.confirm(it, winner, unit.actor.account, unit.now))

    @command(c.ADD_PAPER)
    def add_paper(self, unit: Unit, body: Body) -> Body:
        """An officer adds a paper; what was added stays."""
        it = in_region(unit, body)
        if len(it.papers) >= MOST_PAPERS:
            raise Refusal("acceptance.papers_full", most=MOST_PAPERS)
        content = body["content"]
        new = Paper(
            unit.new_id(), body["kind"], body["name"], sha256(content).hexdigest(), len(content),
            unit.actor.account, unit.now,
        )  # fmt: skip
        add_paper(unit, new.id, it.id, content)
        return saved(unit, replace(it, papers=(*it.papers, new)), [])

    @query(c.GET_PAPER)
    def get_paper(self, reader: Reader, body: Body) -> Body:
        """A paper with its content, for the region's officers and the provider that won."""
        it = store.load(reader, Sourcing, body["sourcing_id"])
        won = it.candidate.provider_ref if it.candidate and it.awarded_at else None
        if not reader.actor.body_ref or reader.actor.body_ref != won:
            reader.actor.require_region(it.region)
        paper = next((each for each in it.papers if each.id == body["paper_id"]), None)
        if paper is None:
            raise Refusal("not_found", field="paper_id", what="paper")
        return {**sourcing_views.paper(paper), "content": paper_content(reader, paper.id)}


def _require_may_act(unit: Unit, provider_ref: str, act: str) -> None:
    known = store.find(unit, providers.Provider, provider_ref)
    providers.may_act(known, act, today_in_shanghai(unit.now))


def _winner(unit: Unit, ref: str) -> Provider:
    found = store.find(unit, Provider, ref)
    if found is None:
        raise Refusal("acceptance.tender_winner", field="winner_ref")
    return found
