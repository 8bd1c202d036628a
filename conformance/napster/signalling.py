"""Transfer signalling: who is told to connect to whom."""
