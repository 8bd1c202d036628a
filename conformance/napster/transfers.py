"""Transfers in progress, and queues."""
