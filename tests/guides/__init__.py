"""Tests of the guides: what they tell the reader to type is typed here, and what they show is compared."""
