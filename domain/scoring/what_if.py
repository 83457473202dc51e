"""What if an input were another: the rating that would follow, and who would move. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from domain.errors import BadUserInput
from domain.scoring.changes import Change, changes
from domain.scoring.consistency import possible_points
from domain.scoring.contributions import Sees, sees_everything
from domain.scoring.methodology import Methodology
from domain.scoring.rating import Rating, rate


def earnable(methodology: Methodology, indicator: str, value: Fraction | None) -> bool:
    """Whether a value earns no more points than its indicator can, and no less than none. KeyError: not counted.

    What was observed may contradict a methodology, and is rated with a warning; what is only supposed may not.
    """
    rated = methodology.indicator(indicator)
    points = None if value is None else rated.rule.points(value)
    return points is None or points in possible_points(rated.maximum)


@dataclass(frozen=True)
class WhatIf:
    """The supposed rating, and by section every entry that it would change."""

    rating: Rating
    changes: Mapping[str, tuple[Change, ...]]


def what_if(rating: Rating, values: Mapping[tuple[str, str], Fraction | None], sees: Sees = sees_everything) -> WhatIf:
    """Rate again with these values by (organisation, indicator) in place of the inputs'; None supposes no data.

    BadUserInput for an organisation or indicator without any input, and for an input that the viewer may not see:
    the answer would tell what it is.
    """
    for organisation, indicator in values:
        if not sees(organisation, indicator):
            raise BadUserInput(
                f"Only an input that you may see can be supposed to be another: {indicator} of {organisation}.",
                f"Предполагать можно только видимые вам значения: {indicator}, {organisation}.",
            )
    supposed = rate(rating.methodology, rating.inputs.replaced(values), rating.period)
    moved = {section.code: changes(rating, supposed, section.code, sees) for section in rating.methodology.sections}
    return WhatIf(supposed, moved)
