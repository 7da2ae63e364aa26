"""Files that banks take and give: ISO 20022 (pain.001, pain.002, camt.053) and CSV. docs/bank-files.md"""
