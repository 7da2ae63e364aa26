"""The facts each service tells, one module a service."""
