"""Limits: what one user sends, or does not read, is no harm to the others."""
