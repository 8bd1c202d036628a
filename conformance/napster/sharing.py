"""Sharing: what enters the index and leaves it."""
