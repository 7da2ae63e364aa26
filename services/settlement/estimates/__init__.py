"""Estimates (资金测算): what a change of the rules would cost, reckoned by the claims' own functions."""
