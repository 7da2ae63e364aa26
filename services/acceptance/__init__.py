"""接单: sourcing of a provider, classes, attendance, assessment, employment (S10–S15)."""
