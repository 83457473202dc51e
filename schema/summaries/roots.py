"""What this noun brings to the contract: summary marks."""

from schema.engine.noun import Noun
from schema.summaries import confirmations
from schema.summaries.audited import CODES, Audited


class Mutations:
    """Where changes begin."""

    confirm_summary_marks = confirmations.confirm_summary_marks
    confirm_course_marks = confirmations.confirm_course_marks


NOUN = Noun(mutations=Mutations, codes=CODES, audited=Audited)
