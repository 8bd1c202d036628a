"""Text: how the fields of a body are written and read."""
