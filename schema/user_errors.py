"""All user errors of the contract: those of any change, and those of single nouns."""

from schema.engine.mutations import user_errors
from schema.figures.locked import Locked
from schema.journals.window_closed import WindowClosed
from schema.people.assignment_refusals import AmbiguousAssignment, StateConflict

USER_ERRORS = (Locked, *user_errors.USER_ERRORS, AmbiguousAssignment, StateConflict, WindowClosed)
