"""Who holds the whole database and some keys: what can be read with them."""

import contextlib
import itertools
import json

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import Aead

from contracts.vocabularies.bid_files import place_of
from tests.integration.acceptance.world import World


def everything(world: World):
    """Yield every value of the system's databases, and of the server's log of their changes."""
    client = world.db.client
    system = world.db.name.removesuffix("acceptance")
    for database in client.list_database_names():
        if database.startswith(system):
            for collection in client[database].list_collection_names():
                for doc in client[database][collection].find():
                    yield from values(doc)
    ours = {"$regex": f"^{system}"}
    for doc in client["local"]["oplog.rs"].find({"$or": [{"ns": ours}, {"o.applyOps.ns": ours}]}):
        yield from values(doc)


def values(value):
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from values(each)
    elif isinstance(value, list):
        for each in value:
            yield from values(each)
    else:
        yield value


def readable(found, keys):
    """Return everything that can be read with the keys: bytes as they are, and each layer that opens."""
    texts, bytes_left = [], []
    for value in found:
        (bytes_left if isinstance(value, bytes) else texts).append(value)
    opened = list(bytes_left)
    while bytes_left:
        content = bytes_left.pop()
        for key in keys:
            try:
                within = SealedBox(PrivateKey(key.private)).decrypt(content)
            except (CryptoError, ValueError):
                continue
            opened.append(within)
            bytes_left.append(within)
    pieces = set(opened)
    opened += [file for bid in pieces for file in attached(bid, pieces)]
    return "\n".join([*map(str, texts), *(each.decode(errors="replace") for each in opened)])


def attached(content, pieces):
    """Yield what opens with the keys that a readable bid holds, whatever part of whatever file it is."""
    try:
        listed = json.loads(content)["attachments"]
    except (ValueError, KeyError, TypeError):
        return
    for each, piece, number in itertools.product(listed, pieces, range(3)):
        for count in range(number + 1, 4):
            with contextlib.suppress(CryptoError, ValueError):
                yield Aead(bytes.fromhex(each["key"])).decrypt(piece, place_of(number, count))
