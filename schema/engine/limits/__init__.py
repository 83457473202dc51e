"""Limits of a document and what it costs: measured once after parsing, before validation and before any work."""

TOKENS = 2_000
"""Lexical tokens of a document; the parser stops there, whoever asks."""
