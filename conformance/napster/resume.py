"""Resume: other sources of a file."""
