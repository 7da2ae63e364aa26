"""Accounts, their sign-in, and the signed actor that goes with a call."""
