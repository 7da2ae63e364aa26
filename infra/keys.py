"""Key rotation: `python -m infra.keys actor KID | rewrap-persons`. The steps are in docs/operations.md.

An actor's key is changed by letting two stand side by side. The master key over the persons' data keys is
changed by wrapping each of these anew; what they encrypt stays as it is.
"""

import base64
import hashlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

import click
from bson import Binary
from bson.codec_options import CodecOptions
from kombu import Connection
from nacl.signing import SigningKey
from pymongo import MongoClient
from pymongo.encryption import ClientEncryption
from pymongo.errors import EncryptionError, PyMongoError

from infra.errors import Trouble
from infra.setup.environment import required
from services.chassis.masking import mask_text
from services.chassis.topology import rpc_queue

DATABASE: Final = "intake"
KEYS: Final = "person_keys"
ROTATIONS: Final = "rotations"
PAGE: Final = 1000
MASTER_KEY_BYTES: Final = 96
# A key under the new master key is named so until every key is, then all get the plain name back.
PLAIN: Final = "local"
NEXT: Final = "local:next"
Client = MongoClient[dict[str, Any]]
Tell = Callable[[str], None]


def new_actor_key(kid: str) -> tuple[str, str]:
    """Return (WUDAN_ACTOR_SIGNING_KEY, entry for WUDAN_ACTOR_PUBLIC_KEYS) of a new key."""
    key = SigningKey.generate()
    return f"{kid}:{_text(bytes(key))}", f"{kid}:{_text(bytes(key.verify_key))}"


def rewrap_persons(
    client: Client, database: str, old: bytes, new: bytes, page: int = PAGE, tell: Tell = lambda line: None
) -> int:
    """Wrap every person's data key under the new master key and return how many there are.

    Nothing may use them meanwhile. When it is cut off, asking again goes on where it was. Raises Trouble when
    a key does not open under the old master key, or a cut off change was to another new one.
    """
    rotations = client[database][ROTATIONS]
    begin = {"step": "outward", "to": hashlib.sha256(new).hexdigest()[:16]}
    rotations.update_one({"_id": KEYS}, {"$setOnInsert": begin}, upsert=True)
    rotation = rotations.find_one({"_id": KEYS}) or begin
    if rotation["to"] != begin["to"]:
        raise Trouble("A change to another master key was cut off.", "End that one first, with that key.")
    if rotation["step"] == "outward":
        _rewrap(client, database, {PLAIN: old, NEXT: new}, PLAIN, NEXT, page, tell)
        rotations.update_one({"_id": KEYS}, {"$set": {"step": "homeward"}})
    count = _rewrap(client, database, {PLAIN: new, NEXT: new}, NEXT, PLAIN, page, tell)
    rotations.delete_one({"_id": KEYS})
    return count


def _rewrap(
    client: Client, database: str, masters: dict[str, bytes], before: str, after: str, page: int, tell: Tell
) -> int:
    providers = {name: {"key": key} for name, key in masters.items()}
    count = 0
    encryption: ClientEncryption[dict[str, Any]] = ClientEncryption(
        providers, f"{database}.{KEYS}", client, CodecOptions()
    )
    with encryption:
        for ids in _pages(client[database][KEYS], before, page):
            try:
                encryption.rewrap_many_data_key({"_id": {"$in": ids}}, provider=after)
            except EncryptionError as problem:
                raise Trouble(
                    f"The keys do not open: {problem}",
                    "Check WUDAN_PERSON_MASTER_KEY and …_NEW; nothing is lost.",
                ) from problem
            count += len(ids)
            tell(f"{count} keys from {before} to {after}")
    return count


def _pages(keys: Any, provider: str, page: int) -> Iterator[list[Binary]]:
    while ids := [doc["_id"] for doc in keys.find({"masterKey.provider": provider}, {"_id": 1}).limit(page)]:
        yield ids


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


# ---- command line


@click.group()
def cli() -> None:
    """New keys for old ones."""


@cli.command()
@click.argument("kid")
def actor(kid: str) -> None:
    """Print a new key pair named KID (gateway-2, settlement-2 …)."""
    signing, public = new_actor_key(kid)
    click.echo(f"WUDAN_ACTOR_SIGNING_KEY={signing}\nadd to WUDAN_ACTOR_PUBLIC_KEYS: {public}")


@cli.command("rewrap-persons")
@click.option("--prefix", default="", help="What stands before every database name, if anything.")
def rewrap_command(prefix: str) -> None:
    """Wrap the persons' keys anew: from WUDAN_PERSON_MASTER_KEY to WUDAN_PERSON_MASTER_KEY_NEW.

    intake must be stopped, and is started again with the new key.
    """
    old, new = (_master(name) for name in ("WUDAN_PERSON_MASTER_KEY", "WUDAN_PERSON_MASTER_KEY_NEW"))
    with Connection(required("WUDAN_ADMIN_AMQP_URL"), connect_timeout=5) as connection:
        if connection.channel().queue_declare(rpc_queue(DATABASE), passive=True).consumer_count:
            raise Trouble("intake runs.", "Stop all its instances first.")
    client: Client = MongoClient(required("WUDAN_ADMIN_MONGO_URI"), w="majority")
    with client:
        count = rewrap_persons(client, f"{prefix}{DATABASE}", old, new, tell=click.echo)
    click.echo(f"{count} keys are under the new master key: start intake with it")


def _master(name: str) -> bytes:
    try:
        key = base64.b64decode(required(name), validate=True)
    except ValueError:
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        raise Trouble(
            f"{name} must be {MASTER_KEY_BYTES} bytes in base64.", "head -c 96 /dev/urandom | base64 -w0"
        )
    return key


def main() -> None:
    """Run the command line; what is in the way is told without a traceback."""
    try:
        cli(prog_name="python -m infra.keys")
    except Trouble as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(1)
    except (OSError, PyMongoError, *Connection("amqp://").connection_errors) as problem:
        click.echo(mask_text(f"{type(problem).__name__}: {problem}"), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
