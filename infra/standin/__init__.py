"""The outside world for demonstrations and tests: made-up registries and a bank (see README.md)."""
