"""The registries outside: people, enterprises, pensions, employment, certificates.

Every answer repeats what was asked about; one that speaks of somebody else counts as no answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar, get_args

from services.chassis.outside import Answered, OutsideSystem, Refused, WrongAnswer

T = TypeVar("T")
EnterpriseStatus = Literal["active", "dormant", "revoked"]
CertificateStatus = Literal["valid", "revoked"]


@dataclass(frozen=True)
class Person:
    """found: the number is known; name_matches: under this name; alive: no death is recorded."""

    found: bool
    name_matches: bool
    alive: bool


@dataclass(frozen=True)
class Enterprise:
    """A registered body; licence_scope: the lines of business of its licence."""

    credit_code: str
    name: str
    status: EnterpriseStatus
    licence_scope: tuple[str, ...]


@dataclass(frozen=True)
class Pension:
    """draws: a pension is being drawn (since that day)."""

    draws: bool
    since: date | None


@dataclass(frozen=True)
class Employment:
    """An insured employment; to_day: its last day, None while it lasts."""

    credit_code: str
    from_day: date
    to_day: date | None


@dataclass(frozen=True)
class Certificate:
    """A registered certificate of vocational skill."""

    number: str
    id_number: str
    occupation: str
    level: str
    issued_on: date
    issuer: str
    status: CertificateStatus


class Registry:
    """Client of the registries; each method raises OutsideUnavailable when there is no usable answer."""

    def __init__(self, outside: OutsideSystem) -> None:
        self._outside = outside

    def person_exists(self, id_number: str, name: str) -> Answered[Person] | Refused:
        """Return whether the citizen number is known, and under this name."""

        def read(data: Mapping[str, Any]) -> Person:
            return Person(_flag(data, "found"), _flag(data, "name_matches"), _flag(data, "alive"))

        return self._ask("person", "/people/check", {"id_number": id_number, "name": name}, id_number, read)

    def enterprise(self, credit_code: str) -> Answered[Enterprise | None] | Refused:
        """Return the body of a unified social credit code, None when the registry has none."""

        def read(data: Mapping[str, Any]) -> Enterprise | None:
            if not _flag(data, "found"):
                return None
            scope = tuple(_text_of(line) for line in data["licence_scope"])
            status: EnterpriseStatus = _one_of(data["status"], get_args(EnterpriseStatus))
            return Enterprise(credit_code, _text(data, "name"), status, scope)

        return self._ask("enterprise", "/enterprises/check", {"credit_code": credit_code}, credit_code, read)

    def pension(self, id_number: str) -> Answered[Pension] | Refused:
        """Return whether the person draws a pension."""

        def read(data: Mapping[str, Any]) -> Pension:
            return Pension(_flag(data, "draws"), _day_or_none(data, "since"))

        return self._ask("pension", "/pensions/check", {"id_number": id_number}, id_number, read)

    def employment(self, id_number: str, since: date) -> Answered[tuple[Employment, ...]] | Refused:
        """Return the insured employments that lasted at or after a day, oldest first."""

        def read(data: Mapping[str, Any]) -> tuple[Employment, ...]:
            rows = (
                Employment(_text(row, "credit_code"), _day(row, "from_day"), _day_or_none(row, "to_day"))
                for row in data["employments"]
            )
            return tuple(sorted(rows, key=lambda row: row.from_day))

        body = {"id_number": id_number, "since": since.isoformat()}
        return self._ask("employment", "/employments/list", body, id_number, read)

    def certificate(self, number: str) -> Answered[Certificate | None] | Refused:
        """Return the certificate of a number, None when the registry has none."""

        def read(data: Mapping[str, Any]) -> Certificate | None:
            if not _flag(data, "found"):
                return None
            status: CertificateStatus = _one_of(data["status"], get_args(CertificateStatus))
            return Certificate(
                number=number,
                id_number=_text(data, "id_number"),
                occupation=_text(data, "occupation"),
                level=_text(data, "level"),
                issued_on=_day(data, "issued_on"),
                issuer=_text(data, "issuer"),
                status=status,
            )

        return self._ask("certificate", "/certificates/check", {"number": number}, number, read)

    def _ask(
        self,
        operation: str,
        path: str,
        body: Mapping[str, Any],
        subject: str,
        read: Callable[[Mapping[str, Any]], T],
    ) -> Answered[T] | Refused:
        def checked(data: Mapping[str, Any]) -> T:
            if data["subject"] != subject:
                raise WrongAnswer("it speaks of somebody else")
            return read(data)

        return self._outside.ask(operation, path, body, checked)


def _flag(data: Mapping[str, Any], key: str) -> bool:
    value = data[key]
    if not isinstance(value, bool):
        raise WrongAnswer(key)
    return value


def _text_of(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongAnswer("text expected")
    return value


def _text(data: Mapping[str, Any], key: str) -> str:
    return _text_of(data[key])


def _day(data: Mapping[str, Any], key: str) -> date:
    return date.fromisoformat(_text(data, key))


def _day_or_none(data: Mapping[str, Any], key: str) -> date | None:
    return None if data[key] is None else _day(data, key)


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise WrongAnswer("unknown word")
    return value
