"""Peers with one rule broken on purpose."""
