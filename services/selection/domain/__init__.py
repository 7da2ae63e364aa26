"""The rules of selection in plain Python."""
