"""A made-up town for settlement: people, projects and classes told as facts, and officers who act."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

from contracts.events import acceptance, catalogue, intake
from contracts.registry import Event
from contracts.vocabularies.dates import calendar_year, today_in_shanghai
from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code
from services.chassis.actor import Actor
from services.settlement.domain import ledger
from services.settlement.store import books
from tests.integration.settlement.plain import COUNTY, DAY, Plain, class_fact
from tests.support.services import Running, wait_for
from tests.support.standin import StandIn
from tests.support.told_intake import ToldIntake

CITY = "370600"
# what only says that a registry or a comparison has not answered yet
LAG = ("settlement.checks_waiting", "settlement.marks_waiting")
PATIENCE_SECONDS = 30.0
SHARE_FEN = 1080_00
PRICE_FEN = 1800_00
CREDIT_CODE = make_credit_code(3)


def officer(role: str, name: str = "", region: str = CITY) -> Actor:
    """Return an officer of the city, or of another region."""
    return Actor(f"{role}{name}", frozenset({role}), region=region)


FIRST, SECOND = officer("first_reviewer"), officer("second_reviewer")
FINANCE, PAYMENT = officer("finance_officer"), officer("payment_officer")
SUPERVISOR = officer("supervisor")


def provider(body: str = "body1") -> Actor:
    """Return the account of a training body."""
    return Actor(f"account-{body}", frozenset({"provider"}), body_ref=body)


class Town:
    """Tells facts in order and calls settlement. Shared by the tests of a module."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.db = running.database("settlement")
        self._sequence: dict[str, int] = defaultdict(int)
        self._made = 0
        self._telling = threading.Lock()
        self.intake = ToldIntake(running.sandbox.amqp_url, self.tell, running.clock.now)

    @property
    def now(self) -> datetime:
        """Business time."""
        return self.running.clock.now()

    @property
    def year(self) -> int:
        """The year of business time."""
        return calendar_year(self.now)

    def tell(self, event: Event, subject: str, data: dict[str, Any]) -> None:
        """Tell the next fact of an aggregate."""
        with self._telling:
            self._sequence[f"{event.aggregate}/{subject}"] += 1
            self.running.tell(event, subject, self._sequence[f"{event.aggregate}/{subject}"], data)

    def name(self, kind: str) -> str:
        """Return a new id."""
        self._made += 1
        return f"{kind}{self._made:04d}"

    def provider(self) -> Actor:
        """Return a new verified training body."""
        return self.body("provider")

    def body(self, kind: str, region: str = COUNTY, credit_code: str = CREDIT_CODE) -> Actor:
        """Return a new verified body of a kind, whose account has the role of that name."""
        body = self.name("body")
        about = {"kind": kind, "name": f"演示培训学校 {body}", "credit_code": credit_code, "region": region}
        self.tell(intake.BODY_REGISTERED, body, about)
        self.tell(intake.BODY_VERIFIED, body, {"scope": "培训", "checked_at": self.now})
        self.await_copies("bodies", [body], {"verified": True})
        return Actor(f"account-{body}", frozenset({kind}), body_ref=body)

    def people(self, count: int) -> list[str]:
        """Return new verified persons whom settlement knows."""
        refs = [self.name("person") for _ in range(count)]
        for ref in refs:
            self.tell(intake.PERSON_REGISTERED, ref, {"region": COUNTY, "groups": ["rural_transfer"]})
            self.tell(intake.PERSON_VERIFIED, ref, {"draws_pension": False, "checked_at": self.now})
        self.await_copies("people", refs, {"verified": True})
        return refs

    def await_copies(self, collection: str, ids: list[str], state: dict[str, Any]) -> None:
        """Wait until settlement knows all of these in that state."""
        query = {"_id": {"$in": ids}, **state}
        wait_for(lambda: self.db[collection].count_documents(query) == len(ids), 60, f"{collection} taken in")

    def project(self, by: Actor, level: str = "4", **listing: Any) -> str:
        """Return a project that a body was awarded. listing: how it differs from the usual."""
        id = self.name("project")
        about = {
            "name": "示例项目",
            "region": COUNTY,
            "occupation": "6-18-02-04",
            "level": level,
            "mode": "on_site",
            "programme": None,
            "seats": 20,
            "hours": 40,
            "edition": 1,
            "sourcing_way": "open_challenge",
            "standard_fen": PRICE_FEN,
            "standard_rule": "sd.yantai.project.welder.4",
            "illustrative": True,
        }
        self.tell(catalogue.PROJECT_LISTED, id, about | listing)
        award = {
            "project_id": id,
            "provider_ref": by.body_ref,
            "provider_name": f"演示培训学校 {by.body_ref}",
            "price_fen": PRICE_FEN,
        }
        self.tell(acceptance.SOURCING_AWARDED, f"sourcing-{id}", award)
        return id

    def training(self, by: Actor, people: list[str], level: str = "4", **listing: Any) -> tuple[str, str]:
        """Return a project and its class, carried out with everybody there for five days."""
        project = self.project(by, level, **listing)
        id = self.hold_class(by, project, people, level)
        self.await_copies("projects", [project], {"provider_ref": by.body_ref, "region": {"$exists": True}})
        return project, id

    def hold_class(self, by: Actor, project: str, people: list[str], level: str = "4", ago: int = 0) -> str:
        """Return a class of a project, carried out with everybody there for five days; ago: days since."""
        (id,) = self.hold_classes(by, project, [people], level, ago)
        return id

    def hold_classes(
        self, by: Actor, project: str, rosters: list[list[str]], level: str = "4", ago: int = 0
    ) -> list[str]:
        """Return a class of a project for each roster, as hold_class does."""
        ids = [self._told_class(by, project, people, level, self.now - ago * DAY) for people in rosters]
        self.await_copies("classes", ids, {"last_session_ended": {"$exists": True}})
        return ids

    def _told_class(self, by: Actor, project: str, people: list[str], level: str, ended: datetime) -> str:
        id = self.name("class")
        self.tell(acceptance.CLASS_CONFIRMED, id, class_fact(project, by, level, ended))
        self.tell(acceptance.ROSTER_FILED, id, {"project_id": project, "person_refs": people})
        days = [today_in_shanghai(ended) - number * DAY for number in range(5)]
        carried_out = {
            "project_id": project,
            "last_session_ended": ended,
            "attendance": [{"person_ref": ref, "days": days, "hours": 40} for ref in people],
        }
        self.tell(acceptance.CLASS_CARRIED_OUT, id, carried_out)
        return id

    def finish(self, project: str, id: str, people: list[str], level: str = "4") -> None:
        """Everyone passes and gets a certificate."""
        for ref in people:
            certificate = {
                "project_id": project,
                "class_id": id,
                "person_ref": ref,
                "assessor_ref": "assessor1",
                "occupation": "6-18-02-04",
                "level": level,
                "issued_on": today_in_shanghai(self.now),
            }
            self.tell(acceptance.CERTIFICATE_REGISTERED, f"cert-{id}-{ref}", certificate)
            registered = {"person_ref": ref, "valid": True, "reason": None, "source": "registry"}
            told = {**registered, "checked_at": self.now}
            self.tell(intake.CERTIFICATE_CHECKED, f"cert-{id}-{ref}", told)
        self.await_copies("certificates", [f"cert-{id}-{ref}" for ref in people], {})
        self.tell(acceptance.CLASS_COMPLETED, id, {"project_id": project, "completed": people, "failed": []})
        self.await_copies("classes", [id], {"completed": {"$exists": True}})

    def employ(self, project: str, id: str, people: list[str]) -> None:
        """They have proven work from today."""
        for ref in people:
            proven = {
                "project_id": project,
                "class_id": id,
                "person_ref": ref,
                "since": today_in_shanghai(self.now),
                "checked_at": self.now,
            }
            self.tell(acceptance.EMPLOYMENT_PROVEN, f"work-{id}-{ref}", proven)
        self.await_copies("employments", [f"work-{id}-{ref}" for ref in people], {"proven": True})

    def budget(self, fen: int, region: str = COUNTY) -> dict[str, Any]:
        """Set the year's budget of the employment subsidy fund."""
        wanted = {"fund": "employment_subsidy", "region": region, "year": self.year, "budget_fen": fen}
        return self.call("set_budget", FINANCE, **wanted)

    def account(self) -> dict[str, Any]:
        """Return the county's fund account."""
        return self.call("fund_account", FINANCE, account_id=f"employment_subsidy:{COUNTY}:{self.year}")

    def call(self, method: str, actor: Actor | None, key: str | None = None, **body: Any) -> dict[str, Any]:
        """Call settlement; what registries have yet to say is waited for, as an officer would."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self.call_once(method, actor, key, **body)
            except Refusal as refusal:
                if refusal.code not in LAG or time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def call_once(
        self, method: str, actor: Actor | None, key: str | None = None, **body: Any
    ) -> dict[str, Any]:
        """Call settlement and wait for nothing."""
        return self.running.call(f"settlement.{method}", body, actor, key, seconds=60.0)

    def step(self, method: str, actor: Actor, claim_id: str) -> dict[str, Any]:
        """Take a step of a claim."""
        return self.call(method, actor, claim_id=claim_id, reason="理由")

    def advance(self, by: Actor, project: str) -> dict[str, Any]:
        """Submit the claim of an advance."""
        return self.call("submit_claim", by, kind="project_advance", project_id=project)

    def through_review(self, *claim_ids: str) -> None:
        """Take claims to their payment order, past the public notice."""
        until = max(self.to_notice(id) for id in claim_ids)
        self.running.clock.advance_to(max(until, self.now))
        for id in claim_ids:
            self.to_order(id)

    def to_notice(self, claim_id: str) -> datetime:
        """Take a computed claim to its public notice; return when that is over."""
        self.step("accept_claim", FIRST, claim_id)
        self.step("first_review", FIRST, claim_id)
        self.step("second_review", SECOND, claim_id)
        return datetime.fromisoformat(self.step("publish_notice", SECOND, claim_id)["notice_until"])

    def to_order(self, claim_id: str) -> None:
        """Take a claim whose notice is over to its payment order."""
        self.step("request_funds", SECOND, claim_id)
        self.step("finance_review", FINANCE, claim_id)
        self.step("order_payment", PAYMENT, claim_id)

    def status(self, claim_id: str) -> str:
        """Return the status that the database holds."""
        return str(self.db.claims.find_one({"_id": claim_id})["status"])

    def sound(self) -> None:
        """Check what must hold of every account at every moment that nothing is under way."""
        for doc in self.db.fund_accounts.find():
            account = books.account_of(doc)
            entries = books.entries(Plain(self.db), account.id)
            assert ledger.faults(account.id, entries) == []
            assert ledger.balances(entries) == account.sums()
            assert (account.head.number, account.head.hash) == (entries[-1].number, entries[-1].hash)
            assert account.available_fen >= 0
            held = self.db.claims.find({"fund_account": account.id})
            owed = {"encumbered": 0, "ordered": 0, "paid": 0}
            for claim in held:
                open = claim["status"] not in ("ordered", "paid", "recovered")
                paid = claim["paid_fen"] + claim.get("offset_fen", 0)
                owed["paid"] += paid
                rest = claim["total_fen"] - paid - claim.get("stopped_fen", 0)
                owed["encumbered" if open else "ordered"] += rest
            assert owed == {
                "encumbered": account.encumbered_fen,
                "ordered": account.ordered_fen,
                "paid": account.paid_fen,
            }


def at_once(steps: Iterable[Callable[[], Any]], threads: int = 50) -> list[Any]:
    """Take all steps in parallel; return each one's answer or refusal, in the order given."""

    def take(step: Callable[[], Any]) -> Any:
        try:
            return step()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(take, list(steps)))


def codes(answers: Iterable[Any]) -> list[str]:
    """Return the codes of the refusals among answers, sorted."""
    return sorted(answer.code for answer in answers if isinstance(answer, Refusal))


class PayingTown(Town):
    """A town whose people and bodies are intake's, with bank accounts, and whose bank answers."""

    def __init__(self, running: Running, standin: StandIn) -> None:
        super().__init__(running)
        self.standin = standin
        self.workers: dict[str, Actor] = {}
        self.numbers: dict[str, str] = {}

    def body(self, kind: str, region: str = COUNTY, credit_code: str = "") -> Actor:
        """Return a new verified body of a kind with a bank account."""
        account = Actor(self.name("account-body"), frozenset({kind}))
        code = credit_code or make_credit_code(self._made)
        body = {
            "kind": kind,
            "credit_code": code,
            # the name under which the stand-in registry knows a firm that nobody loaded
            "name": f"演示单位{code[-4:]}",
            "region": region,
            "bank_account": f"62220000{self._made:06d}",
        }
        id = self.running.call("intake.register_body", body, account)["id"]
        self.await_copies("bodies", [id], {"verified": True})
        return Actor(account.account, account.roles, body_ref=id)

    def people(self, count: int) -> list[str]:
        """Return new verified persons with bank accounts."""
        return self.paid_into([f"62280000{self._made + number:06d}" for number in range(1, count + 1)])

    def paid_into(self, accounts: list[str]) -> list[str]:
        """Return new verified persons with these bank accounts."""
        refs = [self._register(account) for account in accounts]
        self.await_copies("people", refs, {"verified": True})
        return refs

    def change_account(self, ref: str, bank_account: str) -> None:
        """A person gives another bank account."""
        before = self.db.people.find_one({"_id": ref}).get("account_changes", 0)
        body = {"bank_account": bank_account}
        self.running.call("intake.change_payee", body, self.workers[ref])
        self.await_copies("people", [ref], {"account_changes": before + 1})

    def living_costs(self, people: list[str]) -> dict[str, Any]:
        """Return the submitted claim of the living costs of a class of these people: 150 yuan each."""
        by = self.provider()
        project, id = self.training(by, people)
        return self.call("submit_claim", by, kind="living_cost", project_id=project, class_id=id)

    def await_lines(self, claim_id: str, **statuses: int) -> None:
        """Wait until a claim's payment lines stand so."""

        def counted() -> bool:
            lines = list(self.db.payments.find({"claim_id": claim_id}))
            found = {status: sum(line["status"] == status for line in lines) for status in statuses}
            return found == statuses and len(lines) == sum(statuses.values())

        wait_for(counted, 90, f"lines {statuses}")

    def reconciled(self) -> dict[str, Any]:
        """Wait until bank, ledger and claims agree to the fen, and return how they do."""

        def agrees() -> dict[str, Any] | None:
            found = self.call("reconcile", FINANCE)
            return found if found["agrees"] else None

        return wait_for(agrees, 60, "books that agree")

    def bank_sum(self) -> int:
        """Return what the bank has paid and not taken back, as the bank itself says it, in fen."""
        body = {"account": "370600000001", "from": "2020-01-01", "to": "2099-12-31"}
        lines = self.standin.post("/bank/statements", body).json()["lines"]
        return -sum(int(line["amount_fen"]) for line in lines)

    def _register(self, bank_account: str) -> str:
        account = Actor(self.name("account-worker"), frozenset({"worker"}))
        body = {
            "id_number": make_citizen_id(serial=self._made % 900, birth=date(1960 + self._made // 900, 3, 4)),
            "name": f"示例{self._made}",
            "phone": f"138{self._made:08d}",
            "region": COUNTY,
            "groups": ["rural_transfer"],
            "bank_account": bank_account,
        }
        ref: str = self.running.call("intake.register_person", body, account)["id"]
        self.workers[ref] = Actor(account.account, account.roles, person_ref=ref)
        self.numbers[ref] = body["id_number"]
        return ref
