"""Operators: levels, and what a level allows."""
