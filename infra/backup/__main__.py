"""`python -m infra.backup save FOLDER | restore FOLDER`, with the administrator's settings."""

import logging
import sys
import warnings
from pathlib import Path

import click
import requests
import structlog
from kombu.exceptions import KombuError
from pymongo.errors import PyMongoError

from infra import backup
from infra.errors import Trouble
from infra.setup.environment import administration
from services.chassis.masking import mask_text
from services.chassis.migrate import MigrationError


@click.group()
def cli() -> None:
    """All databases at one moment, and the broker's definitions. No secrets."""


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
def save(folder: Path) -> None:
    """Write a backup to a new FOLDER, while the system runs."""
    manifest = backup.save(*administration(), folder.resolve(), click.echo)
    click.echo(f"saved as of {manifest.taken_at}; keep {folder}/keys apart; not in it: ")
    for name in manifest.secrets:
        click.echo(f"  {name}")


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--keys", type=click.Path(path_type=Path, exists=True), help="The newest folder of keys.")
@click.option("--replace", is_flag=True, help="Delete what is there.")
def restore(folder: Path, keys: Path | None, replace: bool) -> None:
    """Bring a place that was set up, and where no process runs, to the state of FOLDER."""
    fed = backup.restore(*administration(), folder.resolve(), keys, replace, click.echo)
    click.echo(f"restored; {fed.sent} facts were on their way and are sent again")


def main() -> None:
    """Run the command line; what is in the way is told without a traceback."""
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        cli(prog_name="python -m infra.backup")
    except Trouble as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(1)
    except (OSError, PyMongoError, KombuError, requests.RequestException, MigrationError) as problem:
        click.echo(mask_text(f"{type(problem).__name__}: {problem}"), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
