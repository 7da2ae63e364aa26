"""Durable state of the stand-in: one SQLite file in WAL mode, each answer given only after its commit."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
create table if not exists people (
    id_number text primary key, name text not null, alive integer not null default 1,
    pension_since text, loaded integer not null default 0);
create table if not exists enterprises (
    credit_code text primary key, name text not null, status text not null, licence_scope text not null);
create table if not exists employments (
    id_number text not null, credit_code text not null, from_day text not null, to_day text,
    primary key (id_number, credit_code, from_day));
create table if not exists certificates (
    number text primary key, id_number text not null, occupation text not null, level text not null,
    issued_on text not null, issuer text not null, status text not null);
create table if not exists accounts (account text primary key, opening_fen integer not null);
create table if not exists instructions (
    position integer primary key autoincrement, instruction_id text not null unique,
    payer text not null, account text not null, account_name text not null, amount_fen integer not null,
    purpose text not null, requested_on text not null, outcome text not null, settles_at real not null);
create table if not exists late_returns (
    instruction_id text primary key, booked_on text not null, moment real not null);
create table if not exists deposits (
    position integer primary key autoincrement, account text not null, amount_fen integer not null,
    booked_on text not null, reference text not null, moment real not null);
create index if not exists instructions_by_payer on instructions (payer, requested_on);
create table if not exists files (message_id text primary key, digest text not null);
create table if not exists file_lines (
    message_id text not null, instruction_id text not null, primary key (message_id, instruction_id));
create table if not exists faults (
    system text primary key, mode text not null, seconds real not null, remaining integer);
"""


class Store:
    """Keeps one connection to the file for each thread of the server."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection().executescript(_SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection whose reads see one state."""
        connection = self._connection()
        connection.execute("begin")
        try:
            yield connection
        finally:
            connection.execute("rollback")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that holds the one write lock; on disk at the end, undone on an error."""
        connection = self._connection()
        connection.execute("begin immediate")
        try:
            yield connection
            connection.execute("commit")
        except BaseException:
            connection.rollback()
            raise

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
        return connection
