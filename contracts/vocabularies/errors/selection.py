"""Refusals of selection."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {}
