"""What runs the system: set-up of broker and database, the local stack, the stand-in outside world."""
