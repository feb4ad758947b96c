"""The panel: a page to play from, and an API beneath it."""

from endlessdreams_cam.web.address import Address, parse_panel
from endlessdreams_cam.web.panel import Panel

__all__ = ["Address", "Panel", "parse_panel"]
