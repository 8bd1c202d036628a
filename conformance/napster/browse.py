"""Browse: the files of one user."""
