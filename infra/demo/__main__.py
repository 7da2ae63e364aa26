"""`python -m infra.demo`: one training demand through all five orders, by the public API only."""

import os
import sys
import time

import click

from infra.demo import books, choosing, filing, listing, paying, posting, sourcing, story, teaching, tell
from infra.demo.client import GaveUp, Refused
from infra.errors import Trouble

STEPS = (posting, listing, sourcing, filing, choosing, teaching, paying, books)


@click.command()
@click.option("--url", help="Where the gateway answers; WUDAN_GATEWAY_URL by default.")
@click.option("--seed", type=int, help="Make the same people and numbers again (on fresh data).")
@click.option("--patience", default=60.0, show_default=True, help="Seconds that any one step may take.")
@click.option("--map-seconds", default=1.0, show_default=True, help="How soon a class must be on the map.")
def main(url: str | None, seed: int | None, patience: float, map_seconds: float) -> None:
    """Carry one demand from the post to the payment; exit with 1 when any figure is off."""
    began = time.monotonic()
    try:
        gateway = url or os.environ.get("WUDAN_GATEWAY_URL") or ""
        if not gateway:
            raise Trouble("WUDAN_GATEWAY_URL is not set.", "Run it with: make demo")
        run = story.begin(story.Options(gateway, seed, patience, map_seconds))
        for step in STEPS:
            step.run(run)
    except (Trouble, Refused, GaveUp) as problem:
        click.echo(f"\n{problem}", err=True)
        sys.exit(1)
    tell.table(run.figures)
    tell.end(not run.figures.wrong, time.monotonic() - began)
    sys.exit(1 if run.figures.wrong else 0)


if __name__ == "__main__":
    main()
