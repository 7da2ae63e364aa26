"""A session that is being held, for the tests of sign-in and supervision."""

from datetime import timedelta

from services.acceptance import devices
from services.chassis.actor import Actor
from tests.integration.acceptance.world import World
from tests.support.standing import HERE, Standing

MINUTE = timedelta(minutes=1)
FAR = (121.25, 37.6)


class Room:
    """A session that is being held, and what is done in it."""

    def __init__(self, world: World, it: Standing) -> None:
        self.world, self.it = world, it
        self.at = {"class_id": it.id, "session_id": it.session()}

    def call(self, method: str, actor: Actor | None = None, /, **body):
        return self.world.call(method, actor or self.it.provider, **{**self.at, **body})

    def send(self, *answers):
        """answers: learner and answer; return the outcomes."""
        items = [
            {**answer, "class_id": self.it.id, "actor": self.world.running.token(learner.actor)}
            for learner, answer in answers
        ]
        return self.world.call("sign_in", answers[0][0].actor, items=items)["items"]

    def sign(self, *numbers: int, spot=HERE, **more):
        """Learners by their numbers sign in at once."""
        shown = self.call("session_code")
        learners = [self.it.learners[n] for n in numbers]
        return self.send(*((one, self.it.answer(one, shown, spot=spot, **more)) for one in learners))

    def late(self, n: int):
        """Return what a learner's device signed ten minutes ago, of the code that was shown then."""
        secret = self.world.db["screens"].find_one({"_id": self.it.session()})["secret"]
        signed_at = self.world.now - 10 * MINUTE
        shown = {"code": devices.code_at(secret, signed_at, 10), "at": signed_at.isoformat()}
        return self.it.answer(self.it.learners[n], shown)

    def rows(self):
        return {row["_id"]: row for row in self.world.db["sign_ins"].find({"class_id": self.it.id})}

    def risks(self):
        return {
            row["kind"]: row["count"] for row in self.world.db["sign_in_risks"].find({"class_id": self.it.id})
        }


def code_of(outcome) -> str:
    return outcome["refused"]["code"] if outcome["refused"] else outcome["taken"]["status"]
