"""The public map (职业培训地图): a read model kept up to date by facts, and its queries. No personal data."""
