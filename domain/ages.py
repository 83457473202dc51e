"""Age in full years."""

from datetime import date


def age_on(born: date, day: date) -> int:
    """Full years on a day. Who was born on 29 February has their birthday on 1 March where there is none."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
