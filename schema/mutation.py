"""Mutation: the roots of change. Each stands with its noun; this is the list."""

from schema import approvals, assignments, observation_computing, observation_writing, rating_computing
from schema.mapping.declare import structure


@structure("Where changes begin (изменения).")
class Mutation:
    """The mutations."""

    grant_assignment = assignments.grant_assignment
    confirm_assignment = assignments.confirm_assignment
    end_assignment = assignments.end_assignment
    record_observations = observation_writing.record_observations
    compute_observations = observation_computing.compute_observations
    approve_observations = approvals.approve_observations
    unlock_observations = approvals.unlock_observations
    compute_rating = rating_computing.compute
