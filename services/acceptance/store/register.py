"""Collections of the register of training bodies and of the facts that grades are reckoned from."""

from typing import Any, Final

COLLECTIONS: Final = ("providers",)


def register_indexes(database: Any) -> None:
    """Create the collections of the register and their indexes."""
    for name in sorted(set(COLLECTIONS) - set(database.list_collection_names())):
        database.create_collection(name)
    database["providers"].create_index([("region", 1), ("_id", 1)], name="region")
