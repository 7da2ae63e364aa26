"""Replay: feed one process from its sources' event logs. `python -m services.chassis.replay NAME`.

What the process's marks cover is passed over, so a replay may be repeated, broken off and begun again; facts
that come meanwhile lie in its queue as ever. With `--rebuild` its marks and its read model are cleared first,
while it is stopped; it is started again at once and works off the whole log.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import click
from kombu import Connection
from pymongo.database import Database
from pymongo.errors import PyMongoError

from contracts.envelope import CONTENT_TYPE
from contracts.registry import SERVICES
from services.chassis.following import MARKS, PARKED
from services.chassis.masking import mask_text
from services.chassis.mongo import Document, database
from services.chassis.outbox import read_log
from services.chassis.processes import database_of, service_class
from services.chassis.publisher import ConfirmedPublisher, Message
from services.chassis.settings import Settings, SettingsError
from services.chassis.topology import EVENTS_KEY, FOLLOWS, events_queue, inbox_exchange
from services.chassis.unit import OUTBOX

PAGE: Final = 500
# Above this many waiting messages the log is not read on: the broker is no place to keep it.
HIGH_WATER: Final = 5_000
_PAUSE_SECONDS: Final = 0.2
_AFTER_ALL_IDS: Final = "~"
Tell = Callable[[str], None]


class ReplayRefused(Exception):
    """What was asked cannot be done safely; the text says what to do first."""


@dataclass(frozen=True)
class Fed:
    """How many facts were sent to the process, and how many it had applied already."""

    sent: int = 0
    known: int = 0

    def __add__(self, other: "Fed") -> "Fed":
        return Fed(self.sent + other.sent, self.known + other.known)


@dataclass(frozen=True)
class Target:
    """The process that is fed. aggregates: what it follows, None for everything; rebuilds: its read model."""

    process: str
    database: "Database[Document]"
    aggregates: frozenset[str] | None
    rebuilds: tuple[str, ...] = ()

    @classmethod
    def of(cls, process: str, service: Any, database: "Database[Document]") -> "Target":
        """Return the target of a service class: it follows what it has handlers for."""
        followed = frozenset(type.rpartition(".")[0] for type in service.handlers)
        return cls(process, database, None if service.every_fact else followed, tuple(service.rebuilds))

    @property
    def sources(self) -> list[str]:
        """Return the services whose facts it follows."""
        if self.aggregates is None:
            return list(SERVICES)
        return sorted({aggregate.partition(".")[0] for aggregate in self.aggregates})

    def follows(self, row: Document) -> bool:
        """Tell whether an outbox row is for this process."""
        return self.aggregates is None or row["type"].rpartition(".")[0] in self.aggregates


def clear(target: Target, amqp_url: str) -> None:
    """Empty the process's read model and its marks, while nobody of it runs. May be repeated.

    Raises ReplayRefused when the process names no read model, or reads its queue.
    """
    if not target.rebuilds:
        raise ReplayRefused(f"{target.process} keeps more than a read model: it cannot be rebuilt from facts")
    if _queue(amqp_url, target.process).consumer_count:
        raise ReplayRefused(f"{target.process} reads its queue: stop all its instances, then ask again")
    for collection in (*target.rebuilds, PARKED, MARKS):
        target.database[collection].delete_many({})


def feed(
    target: Target,
    log: "Database[Document]",
    amqp_url: str,
    after: int = 0,
    high_water: int | None = HIGH_WATER,
    tell: Tell = lambda line: None,
) -> Fed:
    """Send the process what it lacks of the log as it stands now, in order, from after a position on.

    log: a source's database; high_water: wait while more lie in its queue (None: never).
    Raises OSError, amqp and pymongo errors; asking again goes on where it was broken off.
    """
    fed, at, end = Fed(), (after, _AFTER_ALL_IDS), _end(log)
    publisher = ConfirmedPublisher(amqp_url)
    try:
        while page := [row for row in read_log(log, at, PAGE) if row["position"] <= end]:
            at = (page[-1]["position"], page[-1]["_id"])
            followed = [row for row in page if target.follows(row)]
            lacking = _lacking(target, followed)
            _send(publisher, target, lacking)
            fed += Fed(len(lacking), len(followed) - len(lacking))
            _hold_back(target, amqp_url, high_water, tell)
    finally:
        publisher.close()
    return fed


def _end(log: "Database[Document]") -> int:
    """Return the last position given by now; what comes later goes to the process's queue by itself."""
    newest = log[OUTBOX].find_one({"position": {"$exists": True}}, sort=[("position", -1)])
    return int(newest["position"]) if newest else 0


def _lacking(target: Target, rows: list[Document]) -> list[Document]:
    marks = {_mark(row) for row in rows}
    last = {mark["_id"]: mark["last"] for mark in target.database[MARKS].find({"_id": {"$in": list(marks)}})}
    return [row for row in rows if row["sequence"] > last.get(_mark(row), 0)]


def _mark(row: Document) -> str:
    return f"{row['type'].rpartition('.')[0]}:{row['subject']}"


def _send(publisher: ConfirmedPublisher, target: Target, rows: list[Document]) -> None:
    exchange = inbox_exchange(target.process)
    messages = [
        Message(exchange, EVENTS_KEY, row["_id"], json.dumps(row["event"], ensure_ascii=False), CONTENT_TYPE)
        for row in rows
    ]
    if len(publisher.publish(messages)) < len({row["_id"] for row in rows}):
        raise OSError(f"the broker did not take all facts for {target.process}")


def _hold_back(target: Target, amqp_url: str, high_water: int | None, tell: Tell) -> None:
    told = False
    while high_water is not None and _queue(amqp_url, target.process).message_count > high_water:
        if not told:
            tell(f"waiting for {target.process} to work off its queue")
            told = True
        time.sleep(_PAUSE_SECONDS)


def _queue(amqp_url: str, process: str) -> Any:
    with Connection(amqp_url, connect_timeout=5) as connection:
        connection.ensure_connection(max_retries=1, timeout=5)
        return connection.channel().queue_declare(events_queue(process), passive=True)


# ---- command line


@click.command()
@click.argument("process", type=click.Choice(sorted(FOLLOWS)))
@click.option(
    "--from", "sources", multiple=True, type=click.Choice(SERVICES), help="Default: all that it follows."
)
@click.option("--after", default=0, show_default=True, help="Position in the log (with one --from only).")
@click.option("--rebuild", is_flag=True, help="Clear its read model first. It must be stopped.")
@click.option("--prefix", default="", help="What stands before every database name, if anything.")
def cli(process: str, sources: tuple[str, ...], after: int, rebuild: bool, prefix: str) -> None:
    """Feed PROCESS what it lacks of its sources' event logs."""
    try:
        settings = Settings.from_env()
        amqp_url, mongo_uri = settings.admin_amqp_url(), settings.admin_mongo_uri()
        own = database(mongo_uri, f"{prefix}{database_of(process)}")
        target = Target.of(process, service_class(process), own)
        _check(target, sources, after, rebuild)
        if rebuild:
            clear(target, amqp_url)
            click.echo(f"{process} is cleared: start it now")
        for source in sources or target.sources:
            fed = feed(
                target, database(mongo_uri, f"{prefix}{source}"), amqp_url, after, HIGH_WATER, click.echo
            )
            click.echo(f"{source}: {fed.sent} sent, {fed.known} known")
    except (SettingsError, ReplayRefused) as problem:
        raise click.ClickException(str(problem)) from None


def _check(target: Target, sources: tuple[str, ...], after: int, rebuild: bool) -> None:
    strangers = set(sources) - set(target.sources)
    if strangers:
        raise ReplayRefused(f"{target.process} does not follow {', '.join(sorted(strangers))}")
    if rebuild and (after or set(target.sources) - set(sources or target.sources)):
        raise ReplayRefused("a read model is rebuilt from all that its process follows, from the beginning")
    if after and len(sources) != 1:
        raise ReplayRefused("positions are of one source: say --from SOURCE")


def main() -> None:
    """Run the command line; a broker or database that cannot be asked is told in one line."""
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    try:
        cli(prog_name="python -m services.chassis.replay")
    except (OSError, PyMongoError, *Connection("amqp://").connection_errors) as problem:
        click.echo(f"broken off, ask again: {mask_text(str(problem))}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
