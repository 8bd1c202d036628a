"""Registration: nicks that belong to somebody."""
