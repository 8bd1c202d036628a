"""Channels: who is in them and who hears what is said."""
