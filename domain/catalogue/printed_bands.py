"""Bands as slides print them, read word for word, to find where print gives one value two colours."""

import re

from domain.scoring.levels import Interval

NUMBER = r"(\d+(?:,\d+)?)"
FORMS = (
    (re.compile(rf"≤{NUMBER}%"), "<= {}"),
    (re.compile(rf"≥{NUMBER}%"), ">= {}"),
    (re.compile(rf"более{NUMBER}%"), "> {}"),
    (re.compile(rf"от{NUMBER}до{NUMBER}%"), ">= {}, <= {}"),
    (re.compile(rf"{NUMBER}—{NUMBER}%"), ">= {}, <= {}"),
)


def as_printed(text: str) -> Interval | None:
    """Read «≤50%», «от 50 до 90%», «25 — 49 %», «более 80 %»; None for a form that we do not know.

    Taken literally: «от 50 до 90» names both ends and so takes both in.
    """
    bare = "".join(text.split())
    for form, written in FORMS:
        if match := form.fullmatch(bare):
            return Interval.parse(written.format(*(number.replace(",", ".") for number in match.groups())))
    return None
