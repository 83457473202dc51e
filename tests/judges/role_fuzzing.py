"""Role fuzzing: generated documents under one role, one more, and all. The judge of the access model itself."""

from tests.access.fuzz import run_fuzz
from tests.judges.score import Score
from tests.judges.workshop import Workshop

DOCUMENTS, SEED = 150, 1


def role_fuzzing(_: Workshop) -> Score:
    """No role takes anything away, and what one role lacks is refused by name or not to be seen."""
    found = run_fuzz(DOCUMENTS, SEED)
    pairs = found.answers + found.refused
    told = tuple(one.split("\n")[0] for one in found.problems[:20])
    unanswered = (f"{found.refused} of {pairs} pairs were refused for their size, and compared nothing",)
    good = max(0, found.answers - len(found.problems))
    return Score("role fuzzing", "answers of one role within those of more", good, found.answers,
                 told + (unanswered if found.refused else ()))  # fmt: skip
