"""Organisations, their classes and what they settle for themselves."""
