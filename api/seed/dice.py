"""Randomness that is the same every time: one stream per thing, so that adding a thing moves no other."""

from random import Random


def dice_for(*names: object) -> Random:
    """Make the stream of this thing; equal names give equal streams on every machine."""
    return Random("vhod demo:" + "/".join(map(str, names)))  # noqa: S311 - demo data, nothing is kept secret by it
