"""OBS Studio: the program in a scene of its own, through obs-websocket."""

SCENE = "EndlessDreams"
"""The scene that `obs setup` makes in OBS."""

SOURCE = "EndlessDreams Cam"
"""The source in it that shows the program."""
