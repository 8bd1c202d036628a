"""Framing: where messages begin and end."""
