"""Part of the system on a stack that a test may hurt: calls and facts in it, and many people at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from pymongo import MongoClient

from contracts.vocabularies.sample_ids import make_citizen_id
from infra.local import Stack
from infra.local.settings import place_of
from infra.procs import PROCESSES
from services.chassis.actor import Actor
from services.chassis.clock import Clock, real_now
from services.chassis.commits import Committer, Work
from services.chassis.mongo import database
from services.chassis.settings import Settings
from services.chassis.unit import Unit
from services.intake import checks, registration
from services.intake.checks import Finding, Verdict
from services.intake.store import persons
from services.intake.store.vault import vault_of

AT_ONCE = 50
SERIALS = 900


class Ground:
    """What `Running` asks of a sandbox, on a whole stack whose processes somebody else runs."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.place = place_of(stack.state)

    def env(self, name: str) -> dict[str, str]:
        """Return the settings of one process."""
        return self.stack.env(name)

    @property
    def amqp_url(self) -> str:
        """Return the administrator's URL of the vhost."""
        return f"{self.stack.admin.amqp_url.rpartition('/')[0]}/{self.place.vhost}"

    @property
    def mongo_uri(self) -> str:
        """Return the administrator's URI of the database server."""
        return self.stack.admin.mongo_uri

    def database(self, client: MongoClient[dict[str, Any]], name: str) -> Any:
        """Return the database of the process `name` on a client of the test's own."""
        return client[self.place.database_of(PROCESSES[name])]


def enrol(ground: Ground, region: str, groups: Sequence[str], count: int, first: int = 0) -> list[str]:
    """Register people as intake does, by its own code, found in order by the registries; return their refs.

    first: number of the first one, so that no two people are alike. Ten thousand calls and as many
    questions to the registries would take many minutes, and are other tests' matter.
    """
    settings = Settings.from_env(ground.env("intake"))
    kept = database(settings.mongo_uri(), settings.mongo_db())
    clock = Clock(database(settings.mongo_uri(), settings.clock_db), settings.mode)
    committer, vault = Committer("intake", kept, clock), vault_of(settings)
    registrar = Actor("registrar", frozenset())

    def register(unit: Unit, numbers: range) -> list[str]:
        found = []
        for number in numbers:
            person = registration.register_person(unit, vault, details(number, region, groups), None)
            verdict = Verdict(real_now())
            checks.settle_persons(unit, [Finding(person.id, persons.version(unit, person.id), verdict)])
            found.append(person.id)
        return found

    try:
        refs: list[str] = []
        for start in range(first, first + count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, first + count))
            work = Work(
                lambda group: Unit(group, registrar), lambda unit, these=numbers: register(unit, these)
            )
            refs += committer.run(work)
        return refs
    finally:
        committer.stop()


def details(number: int, region: str, groups: Sequence[str]) -> dict[str, Any]:
    """Return what a made-up person gives."""
    return {
        "id_number": make_citizen_id(serial=number % SERIALS, birth=date(1960 + number // SERIALS, 3, 4)),
        "name": f"示例{number}",
        "phone": f"137{number:08d}",
        "region": region,
        "groups": list(groups),
        "bank_account": f"62290000{number:07d}1",
    }
