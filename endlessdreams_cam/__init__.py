"""EndlessDreams Cam: a webcam that dreams."""

__version__ = "0.1.0"
