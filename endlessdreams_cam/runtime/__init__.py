"""The show: workers, their supervision, and the desk that plays it."""
