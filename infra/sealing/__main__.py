"""`python -m infra.sealing`: the client of sealed bids. Reads and writes files of JSON as the API has them.

An officer: keygen, then POST /v1/opening-keys; confirm, then POST /v1/opening-keys/<id>/confirmation; after
the deadline open, then POST …/openings. A bidder: seal, then send; after the opening check. An auditor, from
oversight's facts: audit.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from infra.sealing import auditing, boxes, keyfile, sending
from infra.sealing.attachments import seal_attachment
from infra.sealing.errors import SealingError

_FILE = click.Path(path_type=Path, dir_okay=False)
_DIRECTORY = click.Path(path_type=Path, file_okay=False)
_PASSPHRASE = "WUDAN_KEY_PASSPHRASE"  # noqa: S105  # the name of a variable
_TOKEN = "WUDAN_TOKEN"  # noqa: S105  # the name of a variable


@click.group()
def main() -> None:
    """Keys of opening officers, sealed bids, their opening."""


@main.command()
@click.argument("key_file", type=_FILE)
@click.password_option("--passphrase", envvar=_PASSPHRASE)
def keygen(key_file: Path, passphrase: str) -> None:
    """Make a key pair on this device; prints the body of POST /v1/opening-keys."""
    key = boxes.OfficerKey.generate()
    keyfile.write(key_file, key, passphrase)
    click.echo(f"key {key.key_id}: compare this name aloud with what the notice shows", err=True)
    _print({"public_key": key.public_key})


@main.command()
@click.argument("key_file", type=_FILE)
@click.argument("registered", type=_FILE)
@click.option("--passphrase", prompt=True, hide_input=True, envvar=_PASSPHRASE)
def confirm(key_file: Path, registered: Path, passphrase: str) -> None:
    """Answer the registration of a key; prints the body of POST /v1/opening-keys/<id>/confirmation."""
    _print(boxes.answer_challenge(_json(registered), keyfile.read(key_file, passphrase)))


@main.command()
@click.argument("notice", type=_FILE)
@click.argument("offer", type=_FILE)
@click.option("--as", "provider_ref", required=True, help="The bidder's own id.")
@click.option("--attach", type=_FILE, multiple=True, help="A file to be sealed with it; up to 8.")
@click.option(
    "--key", "keys", multiple=True, help="The two keys' names as the officers say them, outer first."
)
@click.option("--out", type=_DIRECTORY, required=True)
def seal(
    notice: Path, offer: Path, provider_ref: str, attach: tuple[Path, ...], keys: tuple[str, ...], out: Path
) -> None:
    """Seal an offer for a notice into a new directory."""
    attachments = [seal_attachment(path.name, path.read_bytes()) for path in attach]
    bid = boxes.seal(_json(offer), _json(notice), provider_ref, attachments, keys)
    out.mkdir(mode=0o700)
    _write(out / "bid.json", bid.body)
    for number, part in enumerate(bid.parts()):
        _write(out / f"part-{number:04d}.json", part)
    kept = {
        "sourcing_id": _json(notice)["id"], "provider_ref": provider_ref, "receipt": bid.receipt,
        "attachments": [each["sha256"] for each in bid.body["attachments"]],
        "plaintext": bid.plaintext.decode(),
    }  # fmt: skip
    _write(out / "kept.json", kept)
    click.echo(bid.receipt)


@main.command()
@click.argument("sealed", type=_DIRECTORY)
@click.option("--url", required=True, help="Where the gateway answers, without /v1.")
def send(sealed: Path, url: str) -> None:
    """Hand in what `seal` wrote: the parts, then the bid. The access token comes from WUDAN_TOKEN."""
    kept = _json(sealed / "kept.json")
    parts = (_json(path) for path in sorted(sealed.glob("part-*.json")))
    bid = _json(sealed / "bid.json")
    answer = sending.send(url, os.environ.get(_TOKEN, ""), kept["sourcing_id"], parts, bid)
    if answer["receipt"] != kept["receipt"]:
        raise SealingError("the platform gave a receipt for other bytes than those that were sent")
    click.echo(answer["receipt"])


@main.command("open")
@click.argument("key_file", type=_FILE)
@click.argument("sealed", type=_FILE)
@click.option("--passphrase", prompt=True, hide_input=True, envvar=_PASSPHRASE)
@click.option("--out", type=_DIRECTORY, required=True)
def open_(key_file: Path, sealed: Path, passphrase: str, out: Path) -> None:
    """Open this officer's layer of GET …/sealed-bids into bodies of POST …/openings, in a new directory."""
    opened = boxes.open_layer(_json(sealed), keyfile.read(key_file, passphrase))
    out.mkdir(mode=0o700)
    for number, body in enumerate(boxes.batches(opened)):
        _write(out / f"openings-{number:04d}.json", body)
    shut = [each for each in opened["bids"] if "problem" in each]
    click.echo(f"{len(opened['bids'])} bids, of which {len(shut)} did not open")


@main.command()
@click.argument("sealed", type=_DIRECTORY)
@click.argument("notice", type=_FILE)
def check(sealed: Path, notice: Path) -> None:
    """Compare the published receipt with what `seal` kept; the notice as it is after the opening."""
    kept = _json(sealed / "kept.json")
    found = [each for each in _json(notice)["bids"] if each["provider_ref"] == kept["provider_ref"]]
    if [(each["receipt"], each["attachments"]) for each in found] != [(kept["receipt"], kept["attachments"])]:
        raise SealingError(
            "the published receipt is not that of the sealed bid: it was swapped or is missing"
        )
    click.echo("the published receipt is that of the sealed bid")


@main.command()
@click.argument("facts", type=_FILE, nargs=-1, required=True)
def audit(facts: tuple[Path, ...]) -> None:
    """Compare published receipts with those given before: pages of GET /v1/facts?aggregate_id=<challenge>."""
    found = auditing.compare([fact for path in facts for fact in _json(path)["items"]])
    if found is None:
        raise SealingError("these facts hold no opening")
    click.echo(f"{len(found.borne_out)} published receipts were given before the deadline")
    if not found.right:
        names = ", ".join([*found.never_given, *found.missing])
        raise SealingError(f"published and never given, or given and not published: {names}")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as problem:
        raise SealingError(f"{path} cannot be read as JSON") from problem


def _print(body: dict[str, Any]) -> None:
    click.echo(json.dumps(body, ensure_ascii=False, indent=2))


def _write(path: Path, body: dict[str, Any]) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w") as out:
        json.dump(body, out, ensure_ascii=False)


def run() -> None:
    """Run the command line; what goes wrong is one line on the error output."""
    try:
        main(standalone_mode=False)
    except (SealingError, click.ClickException, click.Abort, OSError) as problem:
        text = problem.format_message() if isinstance(problem, click.ClickException) else str(problem)
        click.echo(text or "stopped", err=True)
        sys.exit(1)


if __name__ == "__main__":
    run()
