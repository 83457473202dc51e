"""The GraphiQL page: an editor for administrators, with the access rules, examples and refusals in words."""

from api.graphiql.routes import graphiql_routes

__all__ = ["graphiql_routes"]
