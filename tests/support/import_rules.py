"""Two contract types for import-linter that it does not have: lists of what is allowed.

Its own types name what is forbidden, so a library that nobody thought of would slip through.
Only direct imports are looked at: a chain is made of links, and each link is checked by itself.
"""

import sys

import grimp
from importlinter import Contract, ContractCheck, fields, output

Broken = list[tuple[str, str]]


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _matching(graph: grimp.ImportGraph, expressions: list[str]) -> set[str]:
    return {name for expression in expressions for name in graph.find_matching_modules(expression)}


class _ListContract(Contract):
    """Shared reporting: one line for each import that is not allowed."""

    def _result(self, broken: Broken) -> ContractCheck:
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each broken import (called by import-linter)."""
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} must not import {imported}")


class MayImport(_ListContract):
    """Modules of `packages` import the standard library, their own package and `allowed`, nothing else.

    `libraries = True` also allows every package that is not ours. An empty pattern match is no error:
    a rule may be older than the first package that it is about.
    """

    type_name = "may_import"
    packages = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField(), required=False)
    libraries = fields.BooleanField(required=False, default=False)

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Compare every direct import with the list."""
        broken: Broken = []
        for package in sorted(_matching(graph, self.packages)):
            members = {package} | graph.find_descendants(package)
            broken += [
                (member, imported)
                for member in members
                for imported in graph.find_modules_directly_imported_by(member)
                if not self._may(graph, package, imported)
            ]
        return self._result(broken)

    def _may(self, graph: grimp.ImportGraph, package: str, imported: str) -> bool:
        if imported.split(".")[0] in sys.stdlib_module_names or _within(imported, package):
            return True
        if self.libraries and graph.is_module_squashed(imported):
            return True
        return any(_within(imported, allowed) for allowed in self.allowed or [] if allowed)


class ImportedBy(_ListContract):
    """Only `importers` import one of `libraries` (packages that are not ours)."""

    type_name = "imported_by"
    libraries = fields.ListField(subfield=fields.StringField())
    importers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Compare every importer of the libraries with the list."""
        allowed = _matching(graph, self.importers)
        broken = [
            (importer, library)
            for library in self.libraries
            if library in graph.modules
            for importer in graph.find_modules_that_directly_import(library)
            if importer not in allowed
        ]
        return self._result(broken)
