"""Two small services for the chassis's own tests: a counter that tells facts, and a follower that sums up.

They run under the names of `intake` and `catalogue`, whose users and rights they use.
"""

if __name__ == "__main__":
    from services.chassis.run import main  # first: it patches the standard library

import sys
import time

from marshmallow import fields

from contracts.fields import Contract, Count, Ref
from contracts.registry import COMMANDS, EVENTS, QUERIES, command, event, query
from contracts.vocabularies.errors import Refusal
from services.chassis.events import UPCASTERS
from services.chassis.service import Fact, Reader, Service, Unit, job, on
from services.chassis.service import command as answers
from services.chassis.service import query as answers_query
from services.chassis.topology import FOLLOWS


class AddRequest(Contract):
    counter = Ref(required=True)
    amount = Count(required=True)
    mood = fields.String(load_default="fine")


class Answer(Contract):
    id = Ref()
    total = Count()
    version = Count()


class Added(Contract):
    amount = Count(required=True)
    total = Count(required=True)
    mood = fields.String(required=True)


class Target(Contract):
    counter = Ref(required=True)


ADD = command("intake.lab_add", AddRequest, Answer, {"worker"})
TOTAL = query("intake.lab_total", Target, Answer, set())
ADDED = event("intake.counter.added", 1, Added)


class Opened(Contract):
    label = fields.String(required=True)


class LabelledLater(Contract):
    label = fields.String(required=True)
    shelf = Count(required=True)


OPENED_1 = event("intake.counter.opened", 1, Opened)
OPENED = event("intake.counter.opened", 2, LabelledLater)
UPCASTERS[("intake.counter.opened", 1)] = lambda data: {**data, "shelf": 0}


class Counter(Service):
    name = "intake"
    lanes = 2

    @answers(ADD)
    def lab_add(self, unit: Unit, body: dict) -> dict:
        id, amount = body["counter"], body["amount"]
        doc = unit.get("counters", id)
        if doc is None:
            doc = unit.insert("counters", {"_id": id, "total": 0})
        doc = unit.target("counters", id)
        if amount == 13:
            raise Refusal("invalid", field="amount", reason="13")
        if amount == 14:
            raise RuntimeError("a bug")
        if amount == 16:
            doc["label"] = "x" * 17_000_000  # more than a document can hold: found out when it is sent
        if body["mood"] == "asks":
            unit.find("counters", {"_id": id})
            if amount == 15:
                raise Refusal("invalid", field="amount", reason="15")
        doc["total"] += amount
        saved = unit.save(
            "counters", doc, [(ADDED, {"amount": amount, "total": doc["total"], "mood": body["mood"]})]
        )
        return {"id": id, "total": saved["total"], "version": saved["version"]}

    @answers_query(TOTAL)
    def lab_total(self, reader: Reader, body: dict) -> dict:
        doc = reader.get("counters", body["counter"]) or {"total": 0, "version": 0}
        return {"id": body["counter"], "total": doc["total"], "version": doc["version"]}


class Sums(Service):
    name = "catalogue"
    rebuilds = ("sums",)

    @on(ADDED)
    def added(self, unit: Unit, fact: Fact) -> None:
        if fact.data["mood"] == "poison" and not self.runtime.database["cures"].find_one(
            {"_id": fact.subject}
        ):
            raise ValueError("poison, told by 示例甲 at 13800000000")
        if fact.data["mood"] == "slow":
            time.sleep(0.5)
        if (
            fact.data["mood"] == "flaky"
            and self.runtime.database["tries"].find_one_and_update(
                {"_id": fact.id}, {"$inc": {"n": 1}}, upsert=True, return_document=True
            )["n"]
            < 2
        ):
            raise ValueError("flaky")
        doc = unit.get("sums", fact.subject) or unit.insert(
            "sums", {"_id": fact.subject, "sum": 0, "facts": []}
        )
        doc["sum"] += fact.data["amount"]
        doc["facts"].append(fact.sequence)
        doc["traceparent"] = unit.traceparent
        unit.save("sums", doc)

    @on(OPENED)
    def opened(self, unit: Unit, fact: Fact) -> None:
        unit.insert("sums", {"_id": fact.subject, "sum": 0, "facts": [fact.sequence], **fact.data})

    @job("tick", every=1)
    def tick(self) -> None:
        self.transact(lambda unit: unit.insert("ticks", {"_id": unit.new_id()}))


if __name__ == "__main__":
    FOLLOWS["catalogue"] = (*FOLLOWS["catalogue"], ADDED.aggregate)
    sys.exit(main(sys.argv[1], {"intake": Counter, "catalogue": Sums}[sys.argv[1]]))
else:  # a process that runs tests must not find these among the real contracts
    del COMMANDS[ADD.name], QUERIES[TOTAL.name], EVENTS[ADDED.type], EVENTS[OPENED.type]
    del UPCASTERS[(OPENED.type, 1)]
