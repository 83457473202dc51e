"""Budgets: which budgets a request is paid from, and the purse that pays."""

import hashlib
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address, ip_network

from api.budgets.accounts import Account
from api.budgets.holding import Holding
from api.budgets.ledger import Ledger
from auth.viewer import Caller
from domain.errors import RateLimited
from domain.recent import Recent
from schema.engine.limits.maxima import CallerKind, kind_of_caller
from schema.engine.limits.purse import Balance

KEPT = 50_000
HOUSE_BITS = 64
"""An IPv6 subscriber has a whole network: its addresses are one caller."""


@dataclass
class Budgets:
    """What this process has leased. `points`: of each account in a minute."""

    ledger: Ledger
    points: dict[Account, int]
    _kept: Recent[tuple[str, ...], Holding] = field(default_factory=lambda: Recent(KEPT))

    def purse(self, caller: Caller | None, address: str | None) -> "RequestPurse":
        """The purse of one request: a person's with that of their client, a service's, else the address's."""
        return RequestPurse(self.ledger, tuple(self._holding(account) for account in accounts_of(caller, address)))

    def _holding(self, account: tuple[str, ...]) -> Holding:
        found = self._kept.get(account)
        if found is None:
            key = hashlib.sha256("\0".join(account).encode("utf-8", "surrogatepass")).digest()
            found = self._kept.keep(account, Holding(key, self.points[Account(account[0])]))
        return found


@dataclass
class RequestPurse:
    """Pays once: a request that a second executor answers in the end is still one request."""

    ledger: Ledger
    holdings: tuple[Holding, ...]
    paid: bool = False

    async def take(self, points: int) -> None:
        """Pay from every budget, at least one point. Raises RateLimited, and then pays from none."""
        if self.paid:
            return
        points, done = max(1, points), list[Holding]()
        for holding in self.holdings:
            try:
                await holding.take(points, self.ledger)
            except RateLimited:
                for one in done:
                    one.give_back(points)
                raise
            done.append(holding)
        self.paid = True

    def balance(self) -> Balance:
        """Of the budget with the fewest points left."""
        return min((one.balance() for one in self.holdings), key=lambda one: one.remaining)


def accounts_of(caller: Caller | None, address: str | None) -> list[tuple[str, ...]]:
    """Whose budgets a request spends: the kind of account, and who it is."""
    if caller is None:
        return [(Account.ADDRESS, network_of(address))]
    if kind_of_caller(caller) is CallerKind.SERVICE:
        return [(Account.SERVICE, caller.issuer, caller.client_id)]
    person = (Account.PERSON, caller.issuer, caller.subject)
    return [person, (Account.CLIENT, caller.issuer, caller.client_id)]


def network_of(address: str | None) -> str:
    """The address as an account; what has none, such as a test or a local socket, is one caller together."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "none"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, HOUSE_BITS), strict=False))
    return str(found)
