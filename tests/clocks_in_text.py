"""Which clocks of PostgreSQL a piece of SQL reads, other than ours."""

import re

CALLED = "now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday"
WORDS = "current_date|current_time|current_timestamp|localtime|localtimestamp"
OTHER = re.compile(
    rf"(?<!vhod\.)(?<!provider\.)\b({CALLED})\s*\(\s*\)|\b({WORDS})\b|'(now|today|tomorrow|yesterday)'"
    r"|\b(uuid_extract_timestamp)\s*\(|\b(age)\s*\([^(),]*(?:\([^()]*\)[^(),]*)*\)",
    re.IGNORECASE,
)
"""A call by any name but ours, a word that is one, a text that is read as one, and the `age` until today."""
COMMENT = re.compile(r"--[^\n]*")


def other_clocks(sql: str) -> set[str]:
    """The names of those it reads; comments say what they like."""
    bare = COMMENT.sub("", sql)
    return {next(name for name in found.groups() if name).lower() for found in OTHER.finditer(bare)}
