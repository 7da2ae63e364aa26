"""The demonstration: what the roles do on their own side."""
