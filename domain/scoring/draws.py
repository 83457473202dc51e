"""A job of drawing a rating again and again, as it is sent to whoever draws: plain values, there and back."""

from dataclasses import dataclass

from domain.errors import LimitExceeded
from domain.scoring.inputs import Inputs
from domain.scoring.methodology_file import parse_methodology
from domain.scoring.rating import rate
from domain.scoring.robustness import RankInterval, Suppositions, robustness

MOST_PLACES = 5_000_000
"""Places that one job may give: organisations times draws. About two seconds of one core."""


@dataclass(frozen=True)
class DrawJob:
    """What is drawn: a methodology as its text, inputs, a section, and what is supposed."""

    methodology: str
    inputs: Inputs
    period: str
    section: str
    suppositions: Suppositions

    def __post_init__(self) -> None:
        places = len(self.inputs.organisations) * self.suppositions.draws
        if places > MOST_PLACES:
            raise LimitExceeded(
                f"{places} places would have to be drawn; at most {MOST_PLACES}: ask for fewer draws.",
                f"Нужно разыграть {places} мест, можно не больше {MOST_PLACES}: уменьшите число розыгрышей.",
            )


def draw(job: DrawJob) -> tuple[RankInterval, ...]:
    """Do the job: rank intervals in the order of the section's places. Loads NumPy into the process that calls it."""
    rating = rate(parse_methodology(job.methodology), job.inputs, job.period)
    return robustness(rating, job.section, job.suppositions).intervals
