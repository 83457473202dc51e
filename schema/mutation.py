"""Mutation: the roots of change. Each stands with its noun; this is the list."""

from schema import assignments
from schema.mapping.declare import structure


@structure("Where changes begin (изменения).")
class Mutation:
    """The mutations."""

    grant_assignment = assignments.grant_assignment
    confirm_assignment = assignments.confirm_assignment
    end_assignment = assignments.end_assignment
