"""Styles: the same world in watercolour, as a woodcut, in neon tubes."""

from endlessdreams_cam.engines.scenes.styles.stylist import STYLES, Style, Stylist

__all__ = ["STYLES", "Style", "Stylist"]
