"""Judges of a running server."""
ALL = ()
