"""Demands that nobody served end a year after their wanted start."""

from datetime import timedelta

from contracts.vocabularies.dates import today_in_shanghai
from services.chassis.actor import Actor
from services.chassis.calls import Reader
from services.chassis.commits import Committer, Work
from services.chassis.mongo import database
from services.chassis.settings import Settings
from services.chassis.unit import Unit
from services.intake import posting
from tests.integration.intake.conftest import World

SELF = Actor("service:intake", frozenset())


def test_a_demand_lapses_a_year_after_its_wanted_start(world: World):
    worker = world.verified_worker()
    today = today_in_shanghai(world.running.clock.now())
    due = world.post(worker, wanted_from=today.isoformat())
    later = world.post(worker, level="3", wanted_from=(today + timedelta(days=10)).isoformat())
    world.running.clock.advance_to(world.running.clock.now() + timedelta(days=368))

    settings = Settings.from_env(world.running.sandbox.env("intake"))
    own = database(settings.mongo_uri(), settings.mongo_db())
    committer = Committer("intake", own, world.running.clock)
    try:
        posting.lapse_due(
            Reader(own, SELF, world.running.clock),
            lambda run: committer.run(Work(lambda group: Unit(group, SELF), run)),
        )
    finally:
        committer.stop()
    assert world.told(due["id"]) == ["posted", "verified", "lapsed"]
    assert world.told(later["id"]) == ["posted", "verified"]
    assert world.db.open_demands.find_one({"demand_id": due["id"]}) is None
