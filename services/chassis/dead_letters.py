"""Dead letters, for an operator: `python -m services.chassis.dead_letters list|show|replay|discard|count …`.

Reads with an operator's account (WUDAN_ADMIN_AMQP_URL). A message is taken from the queue only after the
broker has confirmed its copy elsewhere; whatever else is looked at goes back when the connection closes.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import click
from kombu import Connection

from services.chassis.masking import mask, mask_text
from services.chassis.publisher import ConfirmedPublisher, Message
from services.chassis.settings import Settings, SettingsError
from services.chassis.topology import (
    ATTEMPT_HEADER,
    ERROR_HEADER,
    EVENTS_KEY,
    FOLLOWS,
    dead_queue,
    inbox_exchange,
)

# Set by the broker or by a failed attempt: a replayed message begins anew.
_OWN_HEADERS: Final = (ATTEMPT_HEADER, ERROR_HEADER, "x-death", "x-delivery-count")
_OWN_PREFIXES: Final = ("x-first-death-", "x-last-death-")


class NotConfirmed(Exception):
    """The broker did not take a replayed message; it is still among the dead letters."""


@dataclass(frozen=True)
class DeadLetter:
    """One message of a dead-letter queue. raw: the body as it came; event: decoded, None if not JSON."""

    id: str
    raw: bytes
    content_type: str
    headers: dict[str, Any]
    event: dict[str, Any] | None

    @property
    def summary(self) -> str:
        """One line without personal data: id, type, thing, place in its order, attempts, last error."""
        event = self.event or {}
        thing = f"{event.get('subject', '?')}#{event.get('sequence', '?')}"
        error = self.headers.get(ERROR_HEADER) or "could not be read"
        attempts = self.headers.get(ATTEMPT_HEADER, 0)
        return mask_text(f"{self.id}  {event.get('type', '?')}  {thing}  attempts={attempts}  {error}")

    def shown(self) -> dict[str, Any]:
        """Return all of it for a person to read, personal data and secrets masked."""
        body: Any = self.event if self.event is not None else self.raw.decode("utf-8", "replace")
        return {
            "id": self.id,
            "content_type": self.content_type,
            "headers": mask(self.headers),
            "body": mask(body),
        }


class DeadLetters:
    """The dead letters of one process. url: the broker with an account that may read and write its queues."""

    def __init__(self, url: str, process: str) -> None:
        self._url = url
        self._process = process

    def count(self) -> int:
        """Return how many lie in the queue."""
        with self._channel() as channel:
            return self._ready(channel)

    def letters(self, limit: int = 0) -> list[DeadLetter]:
        """Return the oldest `limit` (0: all), which stay where they are."""
        with self._channel() as channel:
            return [letter for letter, _tag in self._taken(channel, limit)]

    def replay(self, chosen: Callable[[DeadLetter], bool]) -> list[DeadLetter]:
        """Send the chosen ones to the process again, oldest first, and return them.

        Raises NotConfirmed, OSError or an amqp error: what was not sent by then stays among the dead letters.
        """
        publisher = ConfirmedPublisher(self._url)

        def send(letter: DeadLetter) -> None:
            if letter.id not in publisher.publish([self._again(letter)]):
                raise NotConfirmed(f"{letter.id} was not taken by {inbox_exchange(self._process)}")

        try:
            return self._removed(chosen, send)
        finally:
            publisher.close()

    def discard(self, chosen: Callable[[DeadLetter], bool]) -> list[DeadLetter]:
        """Take the chosen ones away for good and return them."""
        return self._removed(chosen, lambda letter: None)

    def _removed(
        self, chosen: Callable[[DeadLetter], bool], before: Callable[[DeadLetter], None]
    ) -> list[DeadLetter]:
        done = []
        with self._channel() as channel:
            for letter, tag in self._taken(channel, 0):
                if chosen(letter):
                    before(letter)
                    channel.basic_ack(tag)
                    done.append(letter)
        return done

    def _again(self, letter: DeadLetter) -> Message:
        headers = {
            name: value
            for name, value in letter.headers.items()
            if name not in _OWN_HEADERS and not name.startswith(_OWN_PREFIXES)
        }
        return Message(
            inbox_exchange(self._process), EVENTS_KEY, letter.id, letter.raw, letter.content_type, headers
        )

    def _taken(self, channel: Any, limit: int) -> Iterator[tuple[DeadLetter, int]]:
        """Yield those that lay there at the beginning; unacknowledged ones return when the channel closes."""
        waiting = self._ready(channel)
        for _ in range(min(waiting, limit or waiting)):
            message = channel.basic_get(dead_queue(self._process))
            if message is None:
                return
            yield _letter(message), message.delivery_tag

    def _ready(self, channel: Any) -> int:
        return int(channel.queue_declare(dead_queue(self._process), passive=True).message_count)

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        with Connection(self._url, connect_timeout=5) as connection:
            connection.ensure_connection(max_retries=1, timeout=5)
            channel: Any = connection.channel()
            channel.auto_decode = False  # bodies leave as they came, whatever their encoding
            yield channel


def _letter(message: Any) -> DeadLetter:
    raw = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    try:
        event = json.loads(raw)
    except ValueError:
        event = None
    known = event if isinstance(event, dict) else None
    id = message.properties.get("message_id") or hashlib.sha256(raw).hexdigest()[:32]
    headers = dict(message.properties.get("application_headers") or {})
    return DeadLetter(str(id), raw, message.properties.get("content_type", ""), headers, known)


# ---- command line

_PROCESS = click.argument("process", type=click.Choice(sorted(FOLLOWS)))


@click.group()
def cli() -> None:
    """Facts that a process could not apply, and that a person must look at."""


@cli.command("count")
@_PROCESS
def count_command(process: str) -> None:
    """Print how many there are; exit status 1 when there are any."""
    number = _dead_letters(process).count()
    click.echo(number)
    sys.exit(1 if number else 0)


@cli.command("list")
@_PROCESS
@click.option("--limit", default=0, show_default="all", help="Only the oldest so many.")
def list_command(process: str, limit: int) -> None:
    """Print one line for each; nothing is taken away."""
    for letter in _dead_letters(process).letters(limit):
        click.echo(letter.summary)


@cli.command("show")
@_PROCESS
@click.option("--id", "id", required=True, help="The first column of `list`.")
def show_command(process: str, id: str) -> None:
    """Print one whole, as JSON, personal data masked."""
    found = [letter for letter in _dead_letters(process).letters() if letter.id == id]
    if not found:
        raise click.ClickException(f"{process} has no dead letter {id}")
    for letter in found:
        click.echo(json.dumps(letter.shown(), ensure_ascii=False, indent=2, default=str))


@cli.command("replay")
@_PROCESS
@click.option("--id", "id", help="Only this one.")
@click.option("--all", "all_", is_flag=True, help="All that are there now.")
def replay_command(process: str, id: str | None, all_: bool) -> None:
    """Send one or all to the process again, with fresh attempts, after the cause has been removed."""
    if (id is None) == (not all_):
        raise click.UsageError("say either --id ID or --all")
    _report("replayed", id, _dead_letters(process).replay(lambda letter: all_ or letter.id == id))


@cli.command("discard")
@_PROCESS
@click.option("--id", "id", required=True, help="The first column of `list`.")
@click.confirmation_option(
    prompt="Its effect will never happen, and what follows it in its order stays parked. Discard?"
)
def discard_command(process: str, id: str) -> None:
    """Take one away for good: for what is no fact at all. It is printed once more."""
    letters = _dead_letters(process).discard(lambda letter: letter.id == id)
    for letter in letters:
        click.echo(json.dumps(letter.shown(), ensure_ascii=False, default=str))
    _report("discarded", id, letters)


def _report(what: str, id: str | None, letters: list[DeadLetter]) -> None:
    for letter in letters:
        click.echo(f"{what} {letter.summary}")
    if id is not None and not letters:
        raise click.ClickException(f"there is no dead letter {id}")
    click.echo(f"{what}: {len(letters)}")


def _dead_letters(process: str) -> DeadLetters:
    try:
        return DeadLetters(Settings.from_env().admin_amqp_url(), process)
    except SettingsError as problem:
        raise click.ClickException(str(problem)) from None


def main() -> None:
    """Run the command line; a broker that cannot be asked is told in one line."""
    try:
        cli(prog_name="python -m services.chassis.dead_letters")
    except (OSError, *Connection("amqp://").connection_errors, NotConfirmed) as problem:
        click.echo(f"the broker could not be asked: {mask_text(str(problem))}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
