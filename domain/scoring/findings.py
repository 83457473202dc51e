"""What a reader of figures must know: doubts and contradictions, each with a stable code and its place."""

from dataclasses import dataclass
from enum import StrEnum


class FindingCode(StrEnum):
    """The catalogue. Clients may rely on the codes; the words may change."""

    # A methodology against itself
    GROUPS_SUM_NOT_TOTAL = "GROUPS_SUM_NOT_TOTAL"
    INDICATORS_SUM_NOT_GROUP = "INDICATORS_SUM_NOT_GROUP"
    BANDS_END_NOT_MAXIMUM = "BANDS_END_NOT_MAXIMUM"
    BANDS_OVERLAP = "BANDS_OVERLAP"
    BANDS_GAP = "BANDS_GAP"
    BAND_STARTS_ELSEWHERE = "BAND_STARTS_ELSEWHERE"
    PERCENT_LEVEL_DISAGREES = "PERCENT_LEVEL_DISAGREES"
    NO_MAXIMUM = "NO_MAXIMUM"
    STEPS_OVERLAP = "STEPS_OVERLAP"
    STEPS_GAP = "STEPS_GAP"
    STEPS_END_NOT_MAXIMUM = "STEPS_END_NOT_MAXIMUM"
    POINTS_AGAINST_DIRECTION = "POINTS_AGAINST_DIRECTION"
    SYNTHETIC = "SYNTHETIC"
    # Inputs and entries of a rating
    INPUT_MISSING = "INPUT_MISSING"
    INPUT_UNUSED = "INPUT_UNUSED"
    VALUE_WITHOUT_POINTS = "VALUE_WITHOUT_POINTS"
    POINTS_OUT_OF_RANGE = "POINTS_OUT_OF_RANGE"
    POINTS_BETWEEN_BANDS = "POINTS_BETWEEN_BANDS"
    RECONSTRUCTED = "RECONSTRUCTED"
    # A rating against what was published
    PUBLISHED_DIFFERS = "PUBLISHED_DIFFERS"
    NOT_RATED = "NOT_RATED"
    NOT_PUBLISHED = "NOT_PUBLISHED"


@dataclass(frozen=True)
class Finding:
    """A doubt that travels with the figures; `place` is a path such as `conditions.bands.HIGH`."""

    code: FindingCode
    place: str
    english: str
    russian: str
