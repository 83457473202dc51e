"""Municipalities as registers name them, matched to the names we know."""

from collections.abc import Iterable

UNKNOWN_MUNICIPALITY = "Муниципальное образование не указано"
"""Name of the node for rows whose municipality really cannot be told."""

# Shortened or cut beyond what a rule should guess at. The region has one closed town that begins with «Зе».
ALIASES = {
    "большеулуйск": "Большеулуйский муниципальный район",
    "зато город зе": "ЗАТО город Зеленогорск",
}
CUT_IN_PRINT = frozenset(["зато город зе"])


def match_municipality(printed: str, known: Iterable[str]) -> str | None:
    """Give the known name that is meant; the printed one when no known name is; None when nothing is printed.

    «Емельяновский» means «Емельяновский муниципальный район», but «Боготол» (a town) is not «Боготольский ...».
    """
    if not printed.strip():
        return None
    folded = fold(printed)
    if folded in ALIASES:
        return ALIASES[folded]
    meant = [name for name in known if folded in (fold(name), fold(name).split()[0])]
    return meant[0] if len(meant) == 1 else printed.strip()


def is_cut_in_print(printed: str) -> bool:
    """Tell whether the register's column ended before the name did."""
    return fold(printed) in CUT_IN_PRINT


def fold(name: str) -> str:
    """Small letters, ё as е, single spaces: registers do not agree on these."""
    return " ".join(name.casefold().replace("ё", "е").split())
