"""Tests of the reports: the document and its schema, the pages, comparisons, known deviations."""
