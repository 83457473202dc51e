"""Imports of files: runs over them and what became of every row."""
