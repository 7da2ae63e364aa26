"""Calls of grades: what a body's grade follows from, and the published formula."""

from dataclasses import asdict, replace
from functools import partial
from typing import Any

from contracts.commands import acceptance_grades as c
from contracts.events import settlement
from contracts.vocabularies.dates import today_in_shanghai
from contracts.vocabularies.statuses import GRADE_CRITERIA
from services.acceptance import grading, store
from services.acceptance.domain import grades
from services.acceptance.domain.copies import Body as BodyCopy
from services.acceptance.domain.grades import CreditMark, MoneyLine
from services.acceptance.domain.providers import Provider
from services.acceptance.store.register import drop_credit_mark
from services.chassis.service import Fact, Reader, Unit, job, on, query

Body = dict[str, Any]
_AT_A_TIME = 50


class GradeCalls:
    """Grades, and the facts of settlement that they react to."""

    settings: Any
    reader: Any
    transact: Any

    @query(c.PROVIDER_GRADE)
    def provider_grade(self, reader: Reader, body: Body) -> Body:
        """The grade as the facts are at this moment, each point explained."""
        provider = store.load(reader, Provider, body["provider_ref"])
        found, formula = grading.graded(reader, provider, reader.now, self.settings.mode)
        return {
            "provider_ref": provider.id, "name": provider.name, "day": today_in_shanghai(reader.now),
            "grade": found.grade, "points": found.points, "zh": found.zh, "en": found.en,
            "lines": [{**asdict(each), "name": GRADE_CRITERIA[each.criterion]} for each in found.lines],
            "preferred": found.preferred, "conditions": [asdict(each) for each in found.conditions],
            "rules_edition": formula.edition, "rules_hash": formula.hash,
        }  # fmt: skip

    @query(c.GRADING_FORMULA)
    def grading_formula(self, reader: Reader, body: Body) -> Body:
        """The formula of a region and a day."""
        day = body["day"] or today_in_shanghai(reader.now)
        formula = grading.formula_of(body["region"], day, self.settings.mode)
        zh, en = grades.in_words(formula)
        names = ("id", "topic", "zh", "en", "document", "status", "valid_from", "valid_to")
        rules = [
            {**{name: getattr(rule, name) for name in names}, "values": dict(rule.values)}
            for rule in formula.rules.values()
        ]
        return {
            "region": body["region"], "day": day, "zh": zh, "en": en, "rules": rules,
            "rules_edition": formula.edition, "rules_hash": formula.hash,
        }  # fmt: skip

    @on(settlement.SANCTION_RECORDED)
    def sanction_recorded(self, unit: Unit, fact: Fact) -> None:
        """A sanction is a mark on the credit record of a body that trains."""
        data = fact.data
        day = today_in_shanghai(fact.time)
        sanction = CreditMark(
            fact.subject, data["body_ref"], data["measure"], data["ground"], data["clause"], day
        )
        _keep(unit, sanction)

    @on(settlement.SANCTION_LIFTED)
    def sanction_lifted(self, unit: Unit, fact: Fact) -> None:
        """A lifted sanction is no mark any more; settlement keeps it on the body's record.

        Its recording came before: facts of one sanction are taken in their order.
        """
        known = store.find(unit, CreditMark, fact.subject)
        if known is not None:
            drop_credit_mark(unit, known.id)
            grading.mark(unit, known.provider_ref)

    @on(settlement.PAYMENT_PAID)
    def payment_paid(self, unit: Unit, fact: Fact) -> None:
        """Money has reached a body; what goes to persons is not kept here."""
        day = today_in_shanghai(fact.time)
        line = MoneyLine(fact.subject, fact.data["payee_ref"], "paid", fact.data["amount_fen"], day)
        if store.find(unit, BodyCopy, line.provider_ref) is not None:
            _keep(unit, line)

    @on(settlement.PAYMENT_RETURNED)
    def payment_returned(self, unit: Unit, fact: Fact) -> None:
        """The bank sent it back: it has not been paid."""
        known = store.find(unit, MoneyLine, fact.subject)
        if known is not None:
            _keep(unit, replace(known, fen=0))

    @on(settlement.RECOVERY_ORDERED)
    def recovery_ordered(self, unit: Unit, fact: Fact) -> None:
        """Money is demanded back from a body."""
        day = today_in_shanghai(fact.time)
        line = MoneyLine(fact.subject, fact.data["payee_ref"], "demanded", fact.data["amount_fen"], day)
        if store.find(unit, BodyCopy, line.provider_ref) is not None:
            _keep(unit, line)

    @job("regrade", every=2)
    def regrade(self) -> None:
        """Reckon the grades again of which something has changed, and each once a day."""
        reader = self.reader()
        for ref in grading.due(reader, reader.now, _AT_A_TIME):
            self.transact(partial(grading.regrade, provider_ref=ref, mode=self.settings.mode))


def _keep(unit: Unit, thing: CreditMark | MoneyLine) -> None:
    store.save(unit, thing)
    grading.mark(unit, thing.provider_ref)
