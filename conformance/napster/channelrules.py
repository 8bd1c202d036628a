"""Rules of channels: topics, limits, levels, bans, invitations."""
