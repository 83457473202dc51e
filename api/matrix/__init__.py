"""The matrix as a page: who sees what, for reading and filtering without a script, and as CSV and Markdown."""

from api.matrix.routes import matrix_routes

__all__ = ["matrix_routes"]
