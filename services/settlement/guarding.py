"""Jobs that work through many things: a fault of one leaves it waiting and does not hold up the others."""

from collections.abc import Callable
from typing import Any

import structlog

_log = structlog.get_logger(__name__)


def guarded(about: str, work: Callable[[], Any]) -> bool:
    """Do the work of one thing; return whether it went well.

    about: what the log names. Of a fault of ours (ValueError, LookupError) only the type is logged: its words
    may hold what settlement must not keep.
    """
    try:
        work()
    except (ValueError, LookupError) as fault:
        _log.error("a fault; the others go on", about=about, error=type(fault).__name__)
        return False
    return True
