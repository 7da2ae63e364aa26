"""The pages: Jinja, Chinese first, English by a switch, all of them usable without JavaScript."""
