"""What every service needs and none is about: messaging without loss, units of work, settings, telemetry."""
