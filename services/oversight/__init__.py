"""Oversight: keeps every fact that any service tells, shows chains of them, and watches for gaps."""
