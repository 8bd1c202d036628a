"""The metaserver: one line of text, and the end."""
