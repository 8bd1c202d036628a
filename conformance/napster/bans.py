"""Bans: nicks and addresses that are kept out."""
