"""What the gateway's database needs before it is used (services/chassis/migrate.py runs it)."""

from typing import Final

from gateway.accounts import store as accounts
from gateway.map import store as map_store
from gateway.notices import store as notices

MIGRATIONS: Final = [*accounts.MIGRATIONS, *map_store.MIGRATIONS, *notices.MIGRATIONS]
