"""Anchors: the kinds of thing that a row can be tied to."""

from enum import StrEnum


class Anchor(StrEnum):
    """The kinds of thing that a row can be tied to."""

    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"
    CLASS_GROUP = "CLASS_GROUP"
    SUBJECT_GROUP = "SUBJECT_GROUP"
