"""Words by which indicators, targets and procedures are told apart; the catalogue and the records share them."""

from enum import StrEnum


class Unit(StrEnum):
    """What a value is counted in."""

    PERCENT = "PERCENT"
    POINTS = "POINTS"
    INDEX = "INDEX"
    COUNT = "COUNT"


class Periodicity(StrEnum):
    """How often a value is taken."""

    ONCE = "ONCE"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    GRADING_PERIOD = "GRADING_PERIOD"
    YEARLY = "YEARLY"


class Measures(StrEnum):
    """What people did (USED), what was made ready for them (PROVIDED), or what an assessor found (ASSESSED)."""

    USED = "USED"
    PROVIDED = "PROVIDED"
    ASSESSED = "ASSESSED"


class Definition(StrEnum):
    """Whose definition it is: somebody's that was published, or a proposal of this project."""

    PUBLISHED = "PUBLISHED"
    OURS = "OURS"


class TargetStatus(StrEnum):
    """FIRM binds; REFERENCE is only shown («Справочно») and nobody is judged by it."""

    FIRM = "FIRM"
    REFERENCE = "REFERENCE"
