"""What entries of the pools were used in, how they were rated, and what bases were given."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.catalogue.domain.pool import ClassCopy, Entry
from services.catalogue.store.pool import RATINGS, SUPPORTS, USES
from services.chassis import paging
from services.chassis.calls import Reader
from services.chassis.unit import Unit


def add_use(unit: Unit, entry: Entry, training: ClassCopy, at: datetime) -> None:
    """Keep that an entry is used in a class."""
    doc = {"_id": f"{entry.id}:{training.id}", "entry_id": entry.id, "class_id": training.id, "at": at}
    names = {name: getattr(training, name) for name in ("project_id", "provider_ref", "name")}
    unit.insert(USES, {**doc, **names})


def used_by(unit: Unit, entry_id: str, provider_ref: str) -> bool:
    """Return whether an entry was used in a class of a body."""
    return bool(unit.find(USES, {"entry_id": entry_id, "provider_ref": provider_ref}, limit=1))


def use_page(
    reader: Reader, entry_id: str, asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of the classes that an entry is used in, newest first."""
    return paging.newest_first(reader, USES, {"entry_id": entry_id}, "at", asked)


def rated(unit: Unit, entry: Entry, account: str) -> bool:
    """Return whether an account has rated an entry."""
    return unit.get(RATINGS, f"{entry.id}:{account}") is not None


def add_rating(unit: Unit, entry: Entry, account: str, mark: int) -> None:
    """Keep a mark: one an entry and account."""
    unit.insert(RATINGS, {"_id": f"{entry.id}:{account}", "entry_id": entry.id, "mark": mark, "at": unit.now})


def add_support(unit: Unit, entry: Entry, told: Mapping[str, Any]) -> None:
    """Keep a support given to a base."""
    given = {**told, "given_on": told["given_on"].isoformat()}
    unit.insert(SUPPORTS, {"_id": unit.new_id(), "entry_id": entry.id, "at": unit.now, **given})


def supported_fen(reader: Reader | Unit, entry_id: str) -> int:
    """Return what a base was given in all (fen)."""
    return sum(row["amount_fen"] for row in reader.find(SUPPORTS, {"entry_id": entry_id}))


def support_page(
    reader: Reader, entry_id: str, asked: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of a base's supports, newest first."""
    docs, next = paging.newest_first(reader, SUPPORTS, {"entry_id": entry_id}, "at", asked)
    return [{**doc, "given_on": date.fromisoformat(doc["given_on"])} for doc in docs], next
