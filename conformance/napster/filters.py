"""Search filters: comparisons and limits of a search."""
