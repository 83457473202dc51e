"""What the provider must be told: its name, its key, its mode and its lifetimes."""

import ipaddress
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from domain import clock


@dataclass(frozen=True)
class Lifetimes:
    """How long each thing lives. All are durations; `idle` counts from the last use, the others from the making."""

    access_token: timedelta = timedelta(minutes=10)
    id_token: timedelta = timedelta(minutes=10)
    code: timedelta = timedelta(seconds=60)
    refresh_absolute: timedelta = timedelta(days=30)
    refresh_idle: timedelta = timedelta(days=14)
    refresh_grace: timedelta = timedelta(seconds=30)
    session_absolute: timedelta = timedelta(hours=12)
    session_idle: timedelta = timedelta(minutes=30)
    interaction: timedelta = timedelta(minutes=30)
    key_period: timedelta = timedelta(days=90)
    key_notice: timedelta = timedelta(days=1)


@dataclass(frozen=True)
class ProviderConfig:
    """Settings of one provider; refuses combinations that are not safe (ValueError).

    `issuer` is also the prefix of every address of the provider and ends without a slash. `audience` is the API's
    name in access tokens. `secret_key` seals signing keys at rest. `allowed_origins` are the exact origins of
    single-page applications. `development` shows demo people and allows plain http on loopback. `time_zone` is where
    the children live: a 14th birthday begins at their midnight.
    """

    issuer: str
    audience: str
    secret_key: str = field(repr=False)
    development: bool
    allowed_origins: tuple[str, ...] = ()
    lifetimes: Lifetimes = Lifetimes()
    time_zone: str = "Asia/Krasnoyarsk"

    def __post_init__(self) -> None:
        parts = urlsplit(self.issuer)
        if parts.query or parts.fragment or not parts.hostname or self.issuer.endswith("/"):
            raise ValueError("The issuer must be an address without query, fragment and closing slash.")
        if not self.secure and not (self.development and parts.scheme == "http" and _is_loopback(parts.hostname)):
            raise ValueError("The issuer must be https; plain http is for development on a loopback address only.")
        if "*" in self.allowed_origins or "null" in self.allowed_origins:
            raise ValueError("Allowed origins are exact: neither * nor null.")
        if len(self.secret_key) < 16:
            raise ValueError("The secret key must have at least 16 characters.")

    @property
    def zone(self) -> ZoneInfo:
        """The region's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def today(self) -> date:
        """Today's date where the children live."""
        return clock.today(self.zone)

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https, so that cookies may be Secure and have the __Host- prefix."""
        return urlsplit(self.issuer).scheme == "https"

    @property
    def origin(self) -> str:
        """Scheme, host and port of the issuer."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    def url(self, path: str) -> str:
        """The outside address of one of our paths. Never made from the request, whose Host anybody can write."""
        return self.issuer + path


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
