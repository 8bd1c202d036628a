"""Search: which files are found."""
