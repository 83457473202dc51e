"""Mapping: how a field is stored, declared once, checked, and read by the reference executor."""
