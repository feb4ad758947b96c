"""OBS Studio: the program in a scene of its own, through obs-websocket."""
