"""The scenes engine: painted worlds, on any machine, with nothing to download."""
