"""The rules of acceptance in plain Python."""
