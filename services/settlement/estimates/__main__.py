"""Estimates for analysts, with no service running: `python -m services.settlement.estimates --help`."""

import sys
from pathlib import Path

import click

from contracts.vocabularies import regions
from services.policy import RulesInvalid, rules_for, rules_of_edition
from services.policy.overlay import overlaid, read_scenario
from services.settlement.estimates import sample
from services.settlement.estimates.comparing import reckon_both, side_by_side, summary
from services.settlement.estimates.outputs import Finished, outputs
from services.settlement.estimates.population import PopulationInvalid

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def main() -> None:
    """资金测算 / estimates."""


@main.command()
@click.argument("population", type=_FILE)
@click.option("--region", required=True, type=click.Choice([*regions.PROVINCES, *regions.CITIES]))
@click.option("--year", required=True, type=click.IntRange(2000, 2100), help="the year to estimate")
@click.option("--scenario", type=_FILE, help="TOML: [[change]] and [[rule]]")
@click.option("--edition", help="of the rules; the current one without it")
@click.option("--growth", default=100, type=click.IntRange(1, 1000), help="cases next year for a hundred")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="a folder")
def reckon(
    population: Path,
    region: str,
    year: int,
    scenario: Path | None,
    edition: str | None,
    growth: int,
    out: Path,
) -> None:
    """Estimate over a population file and write svg, xlsx and csv into a folder."""
    try:
        rules = rules_of_edition(edition) if edition else rules_for(regions.province_of(region))
        sides = [rules, rules]
        name = "测算" if scenario is None else scenario.stem
        if scenario is not None:
            content, lines = read_scenario(scenario.name, scenario.read_text("utf-8"))
            sides[1] = overlaid(rules, scenario.name, content, lines)
        tables = reckon_both(population, sides, year, lambda _: True, region)
    except (PopulationInvalid, RulesInvalid, LookupError) as wrong:
        raise click.ClickException(str(wrong)) from None
    cells = side_by_side(tables[0], tables[1], growth)
    told = [scenario.read_text("utf-8")] if scenario else []
    out.mkdir(parents=True, exist_ok=True)
    for format, raw in outputs(Finished(name, year, growth, sides, tables, cells, told)).items():
        (out / f"{name}-{year}.{format}").write_bytes(raw)
    for side, table, word in zip(sides, tables, ("现行 baseline", "方案 scenario"), strict=True):
        found = summary(side, table, growth)
        click.echo(f"{word}: {found['total_fen'] / 100:,.2f} 元 yuan ({table.rows:,} rows, {side.edition})")


@main.command()
@click.argument("rows", type=click.IntRange(1, 3_000_000))
def pattern(rows: int) -> None:
    """Print a made-up population, as a pattern for your own."""
    sample.write(sys.stdout, rows)


if __name__ == "__main__":
    main()
