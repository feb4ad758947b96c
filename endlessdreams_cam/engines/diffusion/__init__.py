"""The diffusion engine: Stable Diffusion's nets in one static-shape function from frame to frame.

Nothing is imported here: torch comes in only with the modules that need it.
"""
