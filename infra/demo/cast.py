"""Who plays: made-up people and bodies, plainly named so, new ones for each run."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from contracts.vocabularies.sample_ids import make_citizen_id, make_credit_code, wrong_citizen_id
from infra.demo.client import Client
from infra.demo.figures import LIVING_COST_GROUPS, WORKERS
from infra.devices import Device

COUNTY: Final = "370611"
# the stand-in registries give these characters a meaning (infra/standin/README.md)
_MEANING: Final = ("996", "997", "998", "999")
_COUNTIES: Final = ("370611", "370602", "370613", "370612")
_OTHER_GROUPS: Final = ("enterprise_employee", "returning_rural", "veteran", "farmer")
WRONG_CHECK_DIGIT: Final = (3, 17)
POSTS_TWICE: Final = 9
# entitled to living costs, so that a payment goes to the account that the bank has closed
CLOSED_ACCOUNT: Final = 12


@dataclass
class Worker:
    """One of the 24. number: from 1; client, person_ref and the rest fill as the story goes on."""

    number: int
    username: str
    name: str
    id_number: str
    phone: str
    bank_account: str
    region: str
    group: str
    client: Client = field(repr=False, default=None)  # type: ignore[assignment]
    person_ref: str = ""
    demand_id: str = ""
    voucher_id: str = ""
    device: Device = field(repr=False, default_factory=Device)

    @property
    def label(self) -> str:
        """The name as it is printed."""
        return self.name

    @property
    def entitled(self) -> bool:
        """Whether living costs are owed to people of this group."""
        return self.group in LIVING_COST_GROUPS

    def details(self, id_number: str | None = None) -> dict[str, Any]:
        """Return the `person` block of a demand."""
        return {
            "id_number": id_number or self.id_number,
            "name": self.name,
            "phone": self.phone,
            "region": self.region,
            "groups": [self.group],
            "bank_account": self.bank_account,
        }

    def mistyped(self) -> str:
        """Return the own number with a wrong check digit."""
        return wrong_citizen_id(self.id_number)


@dataclass
class Body:
    """A firm, a provider or an assessment body."""

    kind: str
    username: str
    name: str
    credit_code: str
    bank_account: str
    client: Client = field(repr=False, default=None)  # type: ignore[assignment]
    ref: str = ""


@dataclass
class Cast:
    """Everybody of one run; mark: what makes its names its own."""

    mark: str
    workers: list[Worker]
    manufacturer: Body
    providers: list[Body]
    assessor: Body

    @property
    def bodies(self) -> list[Body]:
        """All bodies."""
        return [self.manufacturer, *self.providers, self.assessor]


def make(chance: random.Random) -> Cast:
    """Return the cast of a run; the same chance makes the same one."""
    mark = f"{chance.randrange(36**5, 36**6):x}"[-6:]
    ids = _citizen_ids(chance, WORKERS)
    workers = [_worker(number, mark, id_number, chance) for number, id_number in enumerate(ids, 1)]
    codes = _credit_codes(chance, 5)
    names = (
        ("enterprise", "factory", f"示例装备制造企业 {mark}"),
        ("provider", "provider-a", f"示例培训机构甲 {mark}"),
        ("provider", "provider-b", f"示例培训机构乙 {mark}"),
        ("provider", "provider-c", f"示例培训机构丙 {mark}"),
        ("assessor", "assessor", f"示例评价机构 {mark}"),
    )
    bodies = [
        Body(kind, f"demo-{mark}-{tail}", name, code, _account(chance, place))
        for place, ((kind, tail, name), code) in enumerate(zip(names, codes, strict=True), 901)
    ]
    return Cast(mark, workers, bodies[0], bodies[1:4], bodies[4])


def _worker(number: int, mark: str, id_number: str, chance: random.Random) -> Worker:
    groups = _OTHER_GROUPS if number % 6 == 5 else LIVING_COST_GROUPS
    account = _account(chance, 0 if number == CLOSED_ACCOUNT else number)
    return Worker(
        number=number,
        username=f"demo-{mark}-w{number:02d}",
        name=f"演示学员{number:02d}",
        id_number=id_number,
        phone=f"1990000{number:04d}",
        bank_account=account,
        region=_COUNTIES[number % len(_COUNTIES)],
        group=groups[number % len(groups)],
    )


def _citizen_ids(chance: random.Random, count: int) -> list[str]:
    ids: dict[str, None] = {}
    while len(ids) < count:
        birth = date(1975, 1, 1) + timedelta(days=chance.randrange(10_000))
        ids[make_citizen_id(birth=birth, serial=chance.randrange(996))] = None
    return list(ids)


def _credit_codes(chance: random.Random, count: int) -> list[str]:
    codes: dict[str, None] = {}
    while len(codes) < count:
        code = make_credit_code(chance.randrange(31**6))
        if code[13:16] not in _MEANING:
            codes[code] = None
    return list(codes)


def _account(chance: random.Random, ending: int) -> str:
    """Return an account number; one that ends in 0000 is closed at the bank."""
    return f"62{chance.randrange(10**10):010d}{ending:04d}"
