"""Trusted documents: questions known beforehand, asked by their hash; deployment adds them, never a client."""
