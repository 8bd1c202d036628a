"""Login: who is let in, under which nick, and what can be said before."""
