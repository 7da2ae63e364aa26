"""The rules of oversight: what hangs together, and what is missing."""
