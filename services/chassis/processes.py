"""What each process runs and where it writes, by its name. Importing this starts and patches nothing."""

import importlib
from typing import Any, Final

_MODULES: Final = {"projector": "gateway.map.projector"}
_DATABASES: Final = {"projector": "gateway"}


def service_class(process: str) -> Any:
    """Return the class of a process. Raises ModuleNotFoundError for an unknown one."""
    return importlib.import_module(_MODULES.get(process, f"services.{process}.service")).SERVICE


def database_of(process: str) -> str:
    """Return the name of the database that a process writes."""
    return _DATABASES.get(process, process)
