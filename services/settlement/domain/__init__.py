"""The rules of settlement in plain Python: claims, review, ledger, funds, payments, reconciliation."""
