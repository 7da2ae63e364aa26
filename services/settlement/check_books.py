"""Check the ledger, for operators and auditors: `python -m services.settlement.check_books [ACCOUNT …]`.

Reads with settlement's own way to its database (WUDAN_MONGO_URI, WUDAN_MONGO_DB) and changes nothing. Ends
with 0 when the books are sound, 1 when they are not, 2 when they could not be read.
"""

import sys

import click

from services.chassis.mongo import database
from services.chassis.settings import Settings, SettingsError
from services.settlement import auditing
from services.settlement.auditing import Checked
from services.settlement.domain import ledger
from services.settlement.domain.audit import Fault
from services.settlement.store.snapshot import Unreadable

_COLUMNS = (
    ("budget", ledger.BUDGET, -1),
    ("transferred", ledger.CURRENT, -1),
    ("encumbered", ledger.ENCUMBERED, 1),
    ("ordered", ledger.ORDERED, 1),
    ("paid", ledger.PAID, 1),
    ("recovered", ledger.RECOVERED, -1),
    ("available", ledger.AVAILABLE, 1),
)


@click.command()
@click.argument("accounts", nargs=-1)
@click.option("--every-fault", is_flag=True, help="Name all faults of a chain, not the first alone.")
def cli(accounts: tuple[str, ...], every_fault: bool) -> None:
    """Verify hashes, balance and sums of the chains of ACCOUNTS (fund:region:year), or of all.

    Amounts are in fen.
    """
    try:
        settings = Settings.from_env()
        found = auditing.check(database(settings.mongo_uri(), settings.mongo_db()), accounts or None)
    except (SettingsError, Unreadable) as problem:
        click.echo(f"not checked: {problem}", err=True)
        sys.exit(2)
    for each in found:
        click.echo(line_of(each))
        for fault in each.faults if every_fault else each.faults[:1]:
            click.echo(f"  {said(fault)}")
        if each.faults and not every_fault and len(each.faults) > 1:
            click.echo(f"  … {len(each.faults) - 1} more (--every-fault)")
    broken = [each for each in found if each.faults]
    entries = sum(each.entries for each in found)
    click.echo(f"{len(found)} chains, {entries} entries, {len(broken)} broken")
    sys.exit(1 if broken else 0)


def line_of(checked: Checked) -> str:
    """Return one chain in one line: fund:region:year, entries, sums, and whether it is sound."""
    sums = "  ".join(f"{word} {sign * checked.sums[account]}" for word, account, sign in _COLUMNS)
    state = "BROKEN" if checked.faults else "sound"
    return f"{checked.chain}  {checked.entries} entries  {sums}  {state}"


def said(fault: Fault) -> str:
    """Return a fault in one line."""
    at = f"entry {fault.number}: " if fault.number is not None else ""
    detail = f" ({fault.detail})" if fault.detail else ""
    return f"{at}{fault.words[0]} / {fault.words[1]}{detail}"


if __name__ == "__main__":
    cli()
