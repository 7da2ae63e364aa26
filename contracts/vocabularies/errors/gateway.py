"""Refusals of gateway."""

from contracts.vocabularies.errors.text import ErrorText as E

ERRORS: dict[str, E] = {}
