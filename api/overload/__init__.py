"""Overload: no more work at once than there are places, a short queue, an end to everything that lasts too long."""
