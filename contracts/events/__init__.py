"""The facts each service tells, one module or more a service.

Importing any of them declares them all: who follows an aggregate is sent every fact of it, and has to know
the type also of those that it passes over.
"""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
