"""The rendered sitter's parts: head, body, hand, face in motion, and the room behind."""
