"""Subscriptions over `graphql-transport-ws` and server-sent events, by Strawberry's own handlers."""
