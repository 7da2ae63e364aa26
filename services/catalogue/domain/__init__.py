"""The rules of the catalogue: from the state as it is to the state as it becomes, with the facts to tell."""
