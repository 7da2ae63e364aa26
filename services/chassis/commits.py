"""Group commit: units that arrive while a transaction is being committed share the next one.

A majority commit costs milliseconds and is the same for one unit or for fifty. Units run one after another
inside the transaction, in order of arrival; each either stages all its writes or none. When the transaction
meets a conflict the group runs again, then unit by unit, so that one unit cannot hold up the others.
With two lanes the next group runs while the last one's commit is on its way to the disk; groups that get into
each other's way make the lanes wait for one another for a while, as a single lane always does.
"""

import contextvars
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import structlog
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import BulkWriteError, ConnectionFailure, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from contracts.vocabularies.errors import Refusal
from services.chassis import metrics
from services.chassis.clock import Clock
from services.chassis.mongo import Document, is_conflict, is_outage
from services.chassis.unit import Duplicate, FlushedThenRefused, Group, Key, Unit

T = TypeVar("T")
GROUP_LIMIT: Final = 64
SOLO_ATTEMPTS: Final = 5
BUSY_ATTEMPTS: Final = 1000
APART_SECONDS: Final = 1.0
_log = structlog.get_logger(__name__)


class Unavailable(Exception):
    """The database could not be reached in the time that was left."""


@dataclass
class Work:
    """One unit waiting for its turn. make: builds the Unit for a group; deadline: real time or None.

    context: that of the caller, so that the span and the log fields of its call reach into the handler.
    """

    make: Callable[[Group], Unit]
    run: Callable[[Unit], Any]
    prefetch: Sequence[Key] = ()
    deadline: float | None = None
    attempts: int = 0
    result: Any = None
    problem: BaseException | None = None
    done: threading.Event = field(default_factory=threading.Event)
    context: contextvars.Context = field(default_factory=contextvars.copy_context)

    def settle(self, result: Any = None, problem: BaseException | None = None) -> None:
        """Give the waiting caller its result or its exception."""
        self.result, self.problem = result, problem
        self.done.set()


class Committer:
    """Runs units against one database.

    `after_commit` is called after each commit (it wakes the relay). lanes: 1 keeps units in their order of
    arrival; 2 where that does not matter.
    """

    def __init__(
        self,
        service: str,
        database: "Database[Document]",
        clock: Clock,
        after_commit: Callable[[], None] = lambda: None,
        lanes: int = 1,
    ) -> None:
        self._group_size = metrics.GROUP_SIZE.labels(service)
        self._database = database
        self._clock = clock
        self._after_commit = after_commit
        self._waiting: queue.Queue[Work | None] = queue.Queue()
        self._running = threading.Lock()
        self._runner: threading.Thread | None = None
        self._apart_until = 0.0
        self._threads = [
            threading.Thread(target=self._loop, name=f"committer {lane}", daemon=True)
            for lane in range(lanes)
        ]
        for thread in self._threads:
            thread.start()

    def run(self, work: Work) -> Any:
        """Run a unit in the next group and return its handler's result.

        Raises what the handler raised (Refusal and others); Unavailable when its time ran out in an outage.
        """
        self._waiting.put(work)
        work.done.wait()
        if work.problem is not None:
            raise work.problem
        return work.result

    def stop(self) -> None:
        """End after the work that is waiting."""
        for _lane in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(timeout=30)

    def _loop(self) -> None:
        while True:
            self._running.acquire()
            self._runner = threading.current_thread()
            works = self._next_group()
            stopping = works[-1] is None
            batch = [work for work in works if work is not None]
            try:
                if batch:
                    self._commit(batch)
            except BaseException as problem:  # the loop must outlive any bug: callers get the problem
                _log.exception("committer failed", error=repr(problem))
                for work in batch:
                    if not work.done.is_set():
                        work.settle(problem=problem)
            self._let_next_run()
            if stopping:
                return

    def _let_next_run(self) -> None:
        """Give up this lane's turn to run, if it has it."""
        if self._runner is threading.current_thread():
            self._runner = None
            self._running.release()

    def _next_group(self) -> list[Work | None]:
        works = [self._waiting.get()]
        while works[-1] is not None and len(works) < GROUP_LIMIT:
            try:
                works.append(self._waiting.get_nowait())
            except queue.Empty:
                break
        return works

    def _commit(self, batch: list[Work]) -> None:
        self._group_size.observe(len(batch))
        calm = [work for work in batch if not work.attempts]
        if len(calm) > 1 and self._commit_together(calm):
            calm = []
        for work in [*calm, *(work for work in batch if work.attempts)]:
            self._commit_alone(work)

    def _commit_together(self, batch: list[Work]) -> bool:
        """Commit the units in one transaction; False when each must be tried by itself.

        What one of them breaks (a document that cannot be stored, say) must not be the others' failure.
        """
        for _attempt in range(2):
            try:
                if self._attempt(batch, alone=False):
                    return True
            except Unavailable:
                return True  # every one was told
            except Exception as problem:
                _log.warning("a group failed; its units run one by one", error=repr(problem)[:300])
                return False
        return False

    def _commit_alone(self, work: Work) -> None:
        """Run one unit a few times; if others are still in its way it goes to the end of the line.

        A killed process's open transaction holds its rows for seconds. In the end the unit is refused as
        `busy`: a command when its time is up, a fact when even that cannot be the reason.
        """
        for attempt in range(SOLO_ATTEMPTS):
            try:
                if self._attempt([work], alone=True):
                    return
            except Exception as problem:
                if not work.done.is_set():
                    work.settle(problem=problem)
                return
            work.attempts += 1
            time.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311
        if work.attempts > BUSY_ATTEMPTS or (work.deadline is not None and time.time() >= work.deadline):
            work.settle(problem=Refusal("busy"))
        else:
            self._waiting.put(work)

    def _attempt(self, batch: list[Work], alone: bool) -> bool:
        """Run and commit the units once; False when they must run again."""
        outcomes: list[tuple[Any, BaseException | None]] = []
        started = time.time()
        while True:
            try:
                with self._database.client.start_session() as session:
                    return self._transaction(session, batch, outcomes, alone)
            except PyMongoError as problem:
                outcomes.clear()
                if is_conflict(problem) or _is_duplicate(problem):
                    self._apart_until = time.monotonic() + APART_SECONDS
                    return False
                if not is_outage(problem):
                    raise
                self._wait_out(batch, started, problem)

    def _wait_out(self, batch: list[Work], started: float, problem: PyMongoError) -> None:
        """Settle those whose time is up in an outage; raise Unavailable when none is left to wait."""
        now = time.time()
        for work in [work for work in batch if work.deadline is not None and now >= work.deadline]:
            work.settle(problem=Refusal("unavailable", what="database"))
            batch.remove(work)
        if not batch:
            raise Unavailable("database") from problem
        _log.warning(
            "database cannot be reached; waiting",
            seconds=round(now - started, 1),
            error=type(problem).__name__,
        )
        time.sleep(0.3)

    def _transaction(
        self,
        session: ClientSession,
        batch: list[Work],
        outcomes: list[tuple[Any, BaseException | None]],
        alone: bool,
    ) -> bool:
        now = self._clock.now()
        session.start_transaction(
            read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority", wtimeout=15000)
        )
        try:
            group = Group(self._database, session, now)
            group.prefetch({key for work in batch for key in work.prefetch})
            for work in batch:
                outcomes.append(_run(work, group, alone))
            group.flush()
            if time.monotonic() >= self._apart_until:
                self._let_next_run()
            _commit_surely(session)
        except (Duplicate, FlushedThenRefused):
            session.abort_transaction()
            return False
        except _Undone as undone:
            session.abort_transaction()
            batch[0].settle(problem=undone.problem)
            return True
        except BaseException:
            if session.in_transaction:
                session.abort_transaction()
            raise
        self._after_commit()
        for work, (result, problem) in zip(batch, outcomes, strict=True):
            work.settle(result, problem)
        return True


class _Undone(Exception):
    """A lone unit was refused after its writes had been sent: undo them and pass the refusal on."""

    def __init__(self, problem: BaseException) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _run(work: Work, group: Group, alone: bool) -> tuple[Any, BaseException | None]:
    unit = work.make(group)
    try:
        result = work.context.run(work.run, unit)
    except (PyMongoError, Duplicate):
        raise
    except Exception as problem:
        if not unit.flushed:
            return None, problem
        if alone:
            raise _Undone(problem) from problem
        raise FlushedThenRefused from problem
    unit.finish()
    return result, None


def _is_duplicate(problem: PyMongoError) -> bool:
    if isinstance(problem, DuplicateKeyError):
        return True
    return isinstance(problem, BulkWriteError) and any(
        error.get("code") == 11000 for error in (problem.details or {}).get("writeErrors", [])
    )


def _commit_surely(session: ClientSession) -> None:
    """Commit, asking again while the answer is not known (a commit is idempotent)."""
    end = time.time() + 20
    while True:
        try:
            session.commit_transaction()
            return
        except PyMongoError as problem:
            unknown = problem.has_error_label("UnknownTransactionCommitResult")
            if not unknown or time.time() > end:
                raise
            if isinstance(problem, ConnectionFailure):
                time.sleep(0.2)
