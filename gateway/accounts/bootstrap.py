"""The first administrator, made once by the set-up or by the gateway's first start."""

from typing import Any, Final

from contracts.vocabularies.errors import Refusal
from contracts.vocabularies.roles import ADMINISTRATOR
from gateway.accounts.auth import Auth
from gateway.accounts.store import AccountStore
from services.chassis import mongo
from services.chassis.clock import real_now
from services.chassis.settings import Settings

USERNAME: Final = "administrator"


def ensure_administrator(settings: Settings) -> bool:
    """Make the administrator in the gateway's database that the settings name; see make_administrator."""
    database = mongo.database(settings.mongo_uri(), settings.mongo_db())
    return make_administrator(database, settings.admin_password())


def make_administrator(database: Any, password: str) -> bool:
    """Make the account `administrator` unless it is there; return whether it was made.

    A password that was changed later is left alone. Safe when several processes do it at once.
    """
    store = AccountStore(database)
    if store.by_name(USERNAME):
        return False
    try:
        Auth(store, real_now).sign_up(USERNAME, password, frozenset({ADMINISTRATOR}))
    except Refusal:  # another process was quicker
        return False
    return True
