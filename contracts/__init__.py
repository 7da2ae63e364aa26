"""What crosses a process boundary, and nothing else: commands, queries, events, vocabularies."""
