"""提单: persons and bodies with their registry checks, and their training demands."""
