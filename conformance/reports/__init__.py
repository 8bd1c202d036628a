"""Reports of a session: for a terminal, as JUnit XML, JSON, HTML and Markdown; and comparisons of several."""
