"""The painted worlds, one module each."""
