"""Statistics and the message of the day."""
