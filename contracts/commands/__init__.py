"""The commands and queries each service answers, one module a service."""
