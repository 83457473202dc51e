"""Accounts: whose budgets there are, and how many points of cost each has in a minute."""

from enum import StrEnum


class Account(StrEnum):
    """Whose budget it is."""

    ADDRESS = "ADDRESS"
    PERSON = "PERSON"
    CLIENT = "CLIENT"
    SERVICE = "SERVICE"


POINTS = {Account.ADDRESS: 600_000, Account.PERSON: 1_200_000, Account.CLIENT: 60_000_000, Account.SERVICE: 6_000_000}
"""Points of cost in a minute. A person may read 1,800 journal pages; all persons of one client 90,000."""
DEVELOPMENT_FACTOR = 1_000
"""Tests and benchmarks ask more than people do."""
MOST_POINTS = 2**31 - 1
"""What an Int of the contract holds."""
