"""Tests of what is exported to other tools."""
