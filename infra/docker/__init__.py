"""What docker-compose.yml needs: one Dockerfile, start scripts, configuration, and a maker of secrets."""
