"""Reports of a session: for a terminal, as JUnit XML, as JSON."""
