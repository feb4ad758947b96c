"""What runs in the worker processes; only `runtime.host` starts them."""
