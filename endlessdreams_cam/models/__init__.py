"""Models: which there are, where they lie, what a file or folder is, and loading them."""
