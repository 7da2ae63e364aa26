"""列单: verified demands become training projects, listed for providers."""
