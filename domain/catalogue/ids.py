"""Ids of the catalogue's rows, made from codes: the same in every database, so that exports can be compared."""

from uuid import UUID, uuid5

NAMESPACE = UUID("6d0c4f0e-54ce-5b0f-8a63-2f6a8e3c7b55")


def catalogue_id(kind: str, *names: object) -> UUID:
    """Make the id of a row from its kind and the codes that tell it from others of that kind."""
    return uuid5(NAMESPACE, "/".join([kind, *map(str, names)]))


def indicator_id(code: str) -> UUID:
    """Give the id of an indicator."""
    return catalogue_id("indicator", code)


def methodology_id(code: str, version: str) -> UUID:
    """Give the id of a version of a methodology."""
    return catalogue_id("methodology", code, version)


def level_id(methodology: str, version: str, code: str) -> UUID:
    """Give the id of a level of a methodology."""
    return catalogue_id("level", methodology, version, code)
