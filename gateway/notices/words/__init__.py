"""What is told to whom, a module for each source of facts: `NOTICES`, a list of gateway.notices.table.Notice.

A new line for a fact is all that a new notice needs (and the fact's aggregate in FOLLOWS["projector"]).
"""
