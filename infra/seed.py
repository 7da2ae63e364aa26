"""`python -m infra.seed`: demonstration data through the public API: officers, providers, a firm, a worker.

As the administrator and those bodies themselves would enter it; run again it changes nothing.
"""

import os
import sys
from typing import Final, NamedTuple

import click

from contracts.vocabularies import regions, roles
from contracts.vocabularies.sample_ids import make_credit_code
from infra.demo.cast import COUNTY
from infra.demo.client import Client, GaveUp, Refused
from infra.demo.officers import CITY, OFFICERS, administrator, ensure_officers, password_of
from infra.demo.outside import Outside
from infra.errors import Trouble

PATIENCE: Final = 60.0
_NEEDED: Final = (
    "WUDAN_GATEWAY_URL",
    "WUDAN_STANDIN_URL",
    "WUDAN_ADMIN_PASSWORD",
    "WUDAN_STANDIN_ADMIN_TOKEN",
    "WUDAN_BANK_TOKEN",
)


class Body(NamedTuple):
    """A made-up body with an account of its own. serial: of its credit code."""

    username: str
    kind: str
    name: str
    serial: int


BODIES: Final = (
    Body("demo.firm", roles.ENTERPRISE, "示例装备制造企业", 31_000_001),
    Body("demo.provider.1", roles.PROVIDER, "示例培训机构甲", 31_000_002),
    Body("demo.provider.2", roles.PROVIDER, "示例培训机构乙", 31_000_003),
    Body("demo.provider.3", roles.PROVIDER, "示例培训机构丙", 31_000_004),
    Body("demo.assessor", roles.ASSESSOR, "示例评价机构", 31_000_005),
)
WORKER: Final = "demo.worker"


def load() -> str:
    """Load everything that is missing and return the administrator's password. Raises Trouble."""
    missing = [name for name in _NEEDED if not os.environ.get(name)]
    if missing:
        raise Trouble(f"{', '.join(missing)} is not set.", "make run loads this data by itself")
    password = os.environ["WUDAN_ADMIN_PASSWORD"]
    nobody = Client(f"{os.environ['WUDAN_GATEWAY_URL']}/v1", PATIENCE)
    ensure_officers(nobody, administrator(nobody, password), password)
    outside = Outside(
        os.environ["WUDAN_STANDIN_URL"],
        os.environ["WUDAN_STANDIN_ADMIN_TOKEN"],
        os.environ["WUDAN_BANK_TOKEN"],
        PATIENCE,
    )
    outside.load(
        "enterprises", [{"credit_code": make_credit_code(each.serial), "name": each.name} for each in BODIES]
    )
    for body in BODIES:
        _enter(_account(nobody, body.username, body.kind, password), body)
    _account(nobody, WORKER, roles.WORKER, password)
    return password


def _account(nobody: Client, username: str, role: str, admin_password: str) -> Client:
    """Sign up, or sign in to what an earlier run signed up."""
    own = password_of(username, admin_password)
    try:
        body = {"username": username, "password": own, "role": role}
        nobody.post("/accounts", body, key=f"demo-{username}")
        return nobody.signed_in(username, own)
    except Refused as refused:
        raise Trouble(
            f"The account {username} cannot be used ({refused.code}).",
            "Somebody made or changed it by hand; begin with empty data: make clean",
        ) from None


def _enter(client: Client, body: Body) -> None:
    try:
        client.get("/bodies/me")
    except Refused as refused:
        if refused.status not in (404, 409):
            raise
        client.post(
            "/bodies",
            {
                "credit_code": make_credit_code(body.serial),
                "name": body.name,
                "region": COUNTY,
                "kind": body.kind,
                "bank_account": f"6200{body.serial:012d}",
            },
        )


def _tell(password: str) -> None:
    lines = [(name, roles.NAMES[role]) for name, role in OFFICERS]
    lines += [(body.username, body.name) for body in BODIES] + [(WORKER, roles.NAMES[roles.WORKER])]
    click.echo(f"\n  演示账号 · accounts of the demonstration（{regions.full_name(CITY)}）")
    for username, who in lines:
        click.echo(f"  {username:<20}{password_of(username, password):<20}{who}")


def main() -> int:
    """Load and print the accounts; return the exit status."""
    try:
        _tell(load())
    except (Trouble, Refused, GaveUp) as problem:
        click.echo(str(problem), err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
