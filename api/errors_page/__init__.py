"""The catalogue of errors as a page: each code in Russian, what it means and what to do."""

from api.errors_page.routes import errors_routes

__all__ = ["errors_routes"]
