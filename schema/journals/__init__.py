"""Journals: the page and everything that stands or is written on it."""
