"""Every environment variable, typed, with its unit; start-up refuses unsafe ones outside development."""

import os
from collections.abc import Iterator
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.budgets.accounts import DEVELOPMENT_FACTOR, MOST_POINTS, POINTS, Account
from auth.issuers import Issuer
from auth.provider.clients import secret_of

CHECKOUT = Path(__file__).resolve().parents[1]
DEVELOPMENT_SECRET = "development-only-secret-nobody-may-use-in-production"  # noqa: S105 - refused outside development
SECRET_CHARACTERS = 32
SECRET_VARIETY = 10
"""A random key of hexadecimal digits has fewer different ones but once in many thousands."""
DEVELOPMENT_ORIGINS = ("http://127.0.0.1:5173", "http://localhost:5173")
NO_DATABASE = "DATABASE_URL is not set: the private PostgreSQL is for development only."
STAND_IN_AUDIENCE = "vhod-api"
SESSION_SCOPE = "openid fullname birthdate snils offline_access education:read education:write education:special"
CLIENT_SECRET_CHARACTERS = 16
FRESH_SECONDS_MOST = 3600
DOCUMENTS = Path(__file__).parent / "documents" / "demo"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Mode(StrEnum):
    """What the process is for."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class LogFormat(StrEnum):
    """How a log line looks."""

    TEXT = "text"
    JSON = "json"


class UnsafeSettingsError(ValueError):
    """Settings that start-up refuses; the message has one line for each problem."""


def _with_driver(url: object) -> object:
    """Name our driver in an ordinary PostgreSQL address; leave everything else to the type."""
    for scheme in ("postgresql://", "postgres://"):
        if isinstance(url, str) and url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


DatabaseUrl = Annotated[str, BeforeValidator(_with_driver), Field(pattern=r"^postgresql\+psycopg://")]


class Settings(BaseSettings):
    """The environment of one process."""

    model_config = SettingsConfigDict(
        frozen=True,
        hide_input_in_errors=True,
        extra="ignore",
        env_ignore_empty=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    mode: Mode = Field(default=Mode.DEVELOPMENT, validation_alias="VHOD_MODE")
    """development or production."""
    database_url: DatabaseUrl | None = Field(default=None, validation_alias="DATABASE_URL", repr=False)
    """PostgreSQL 18 of the owner, who migrates; without it a private server is started."""
    app_database_url: DatabaseUrl | None = Field(default=None, validation_alias="APP_DATABASE_URL", repr=False)
    """The same database for the API; without it DATABASE_URL with role vhod_app."""
    provider_database_url: DatabaseUrl | None = Field(
        default=None, validation_alias="PROVIDER_DATABASE_URL", repr=False
    )
    """The same database for the stand-in provider; without it DATABASE_URL with role vhod_provider."""
    pool_size: int = Field(default=2 * CORES, validation_alias="VHOD_POOL_SIZE", ge=1, le=4 * CORES)
    """Database connections of one process and role; at most four a core."""
    state: Path = Field(default=CHECKOUT / ".state", validation_alias="VHOD_STATE")
    """Folder of the private server and of other things that may be forgotten."""
    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    """Address to listen on."""
    port: int = Field(default=8000, validation_alias="PORT", ge=1, le=65535)
    """TCP port to listen on."""
    public_address: str | None = Field(default=None, validation_alias="PUBLIC_URL", pattern=r"^https?://[^/?#]+$")
    """Origin under which clients see us, without a slash at the end; default http://127.0.0.1:PORT."""
    configured_issuers: tuple[Issuer, ...] | None = Field(default=None, validation_alias="VHOD_ISSUERS")
    """JSON list of the trusted issuers (auth/issuers.py); default: the stand-in alone."""
    configured_stand_in: bool | None = Field(default=None, validation_alias="VHOD_STAND_IN")
    """Serve the stand-in provider with its demo people; default: in development only."""
    secret_key: str = Field(default=DEVELOPMENT_SECRET, validation_alias="VHOD_SECRET_KEY", repr=False)
    """Encrypts the provider's signing keys and the tokens of browser sessions at rest; 32 characters or more."""
    session_issuer: str | None = Field(default=None, validation_alias="VHOD_SESSION_ISSUER")
    """Issuer at which browsers sign in, one of VHOD_ISSUERS; default: the first of them."""
    session_client_id: str = Field(default="vhod-web", validation_alias="VHOD_SESSION_CLIENT_ID")
    """Our confidential client there."""
    session_client_secret: str | None = Field(default=None, validation_alias="VHOD_SESSION_CLIENT_SECRET", repr=False)
    """Its secret; without it nobody signs in by browser (in development the stand-in's client is known)."""
    session_scope: str = Field(default=SESSION_SCOPE, validation_alias="VHOD_SESSION_SCOPE")
    """What is asked for at sign-in, with spaces between; without offline_access a session ends with its first token."""
    documents: Path = Field(default=DOCUMENTS, validation_alias="VHOD_DOCUMENTS")
    """Folder of the trusted documents, with its manifest."""
    bound_clients: tuple[str, ...] = Field(default=(), validation_alias="VHOD_TRUSTED_DOCUMENTS_ONLY")
    """JSON list of clients (client_id) that may use trusted documents and no others."""
    minimum_versions: dict[str, str] = Field(default_factory=dict, validation_alias="VHOD_MINIMUM_VERSIONS")
    """JSON object: the oldest version still served of each program, by the name it sends in X-Client-Name."""
    allowed_origins: tuple[str, ...] = Field(default=(), validation_alias="VHOD_ALLOWED_ORIGINS")
    """JSON list of exact origins whose pages may call us (CORS); see `origins`."""
    configured_places: int | None = Field(default=None, validation_alias="VHOD_PLACES", ge=1, le=1000)
    """Requests of /graphql that one process works on at once; default: twice the connections. More wait, then 503."""
    trusted_proxies: tuple[str, ...] = Field(default=("127.0.0.1",), validation_alias="VHOD_TRUSTED_PROXIES")
    """JSON list of the addresses or networks whose `X-Forwarded-For` is believed; everybody else speaks for itself."""
    configured_budgets: dict[Account, PositiveInt] = Field(default_factory=dict, validation_alias="VHOD_BUDGETS")
    """JSON object of points of cost in a minute by account (api/budgets/accounts.py); what is left out is as there."""
    fresh_sign_in_seconds: int = Field(default=600, validation_alias="VHOD_FRESH_SIGN_IN_SECONDS", ge=60, le=86400)
    """How long after a sign-in a person may change roles, guardianships and accounts; then they sign in again."""
    metrics_host: str = Field(default="127.0.0.1", validation_alias="VHOD_METRICS_HOST")
    """Address at which the figures for Prometheus are shown; never one that the world reaches."""
    metrics_port: int | None = Field(default=None, validation_alias="VHOD_METRICS_PORT", ge=1, le=65535)
    """TCP port of the figures; without it there are none."""
    configured_log_format: LogFormat | None = Field(default=None, validation_alias="VHOD_LOG_FORMAT")
    """text or json; default: text in development, json in production."""

    @property
    def development(self) -> bool:
        """Demo people, the default secret and plain http are allowed."""
        return self.mode is Mode.DEVELOPMENT

    @property
    def places(self) -> int:
        """Requests in work at once."""
        return self.configured_places or 2 * self.pool_size

    @property
    def budgets(self) -> dict[Account, int]:
        """Points in a minute of every account."""
        factor = DEVELOPMENT_FACTOR if self.development else 1
        found = {account: points * factor for account, points in POINTS.items()} | self.configured_budgets
        return {account: min(points, MOST_POINTS) for account, points in found.items()}

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins whose pages may call us; in development the usual ones of a front end under work."""
        return self.allowed_origins or (DEVELOPMENT_ORIGINS if self.development else ())

    @property
    def public_url(self) -> str:
        """Origin under which clients see us."""
        return self.public_address or f"http://127.0.0.1:{self.port}"

    @property
    def stand_in(self) -> bool:
        """Whether the stand-in provider is served."""
        return self.development if self.configured_stand_in is None else self.configured_stand_in

    @property
    def stand_in_issuer(self) -> str:
        """Issuer of the stand-in provider."""
        return f"{self.public_url}/oidc"

    @property
    def issuers(self) -> tuple[Issuer, ...]:
        """The issuers whose tokens we accept."""
        return (_stand_in(self.stand_in_issuer),) if self.configured_issuers is None else self.configured_issuers

    @property
    def log_format(self) -> LogFormat:
        """How log lines look."""
        return self.configured_log_format or (LogFormat.TEXT if self.development else LogFormat.JSON)

    def refuse_unsafe(self) -> None:
        """Raise UnsafeSettingsError naming every problem; development may do as it likes."""
        parts = (self._own_problems, self._trust_problems, self._session_problems)
        problems = [] if self.development else [problem for part in parts for problem in part()]
        if problems:
            raise UnsafeSettingsError("\n".join(problems))

    def _own_problems(self) -> Iterator[str]:
        if self.secret_key == DEVELOPMENT_SECRET:
            yield "VHOD_SECRET_KEY is not set, and the default is known to everybody: set a random one."
        elif len(self.secret_key) < SECRET_CHARACTERS:
            yield f"VHOD_SECRET_KEY has fewer than {SECRET_CHARACTERS} characters."
        elif len(set(self.secret_key)) < SECRET_VARIETY:
            yield "VHOD_SECRET_KEY repeats itself: set a random one."
        if not self.database_url:
            yield NO_DATABASE
        if self.fresh_sign_in_seconds > FRESH_SECONDS_MOST:
            yield f"VHOD_FRESH_SIGN_IN_SECONDS is more than {FRESH_SECONDS_MOST}: that is no fresh sign-in."
        if not _is_https(self.public_url):
            yield f"PUBLIC_URL must be https, not {self.public_url}."
        if self.stand_in:
            yield "VHOD_STAND_IN serves demo people whom anybody can sign in as: switch it off."
        if self.metrics_port is not None and _is_open_to_all(self.metrics_host):
            yield f"VHOD_METRICS_HOST must be an address of the inner network, not {self.metrics_host}."

    def _trust_problems(self) -> Iterator[str]:
        if self.configured_issuers is None:
            yield "VHOD_ISSUERS is not set: no token could be trusted but the stand-in's."
        for issuer in self.configured_issuers or ():
            if not _is_https(issuer.issuer):
                yield f"VHOD_ISSUERS: the issuer must be https, not {issuer.issuer}."
            if issuer.issuer == self.stand_in_issuer:
                yield f"VHOD_ISSUERS: {issuer.issuer} is the stand-in with its demo people."
        for origin in self.allowed_origins:
            if not _is_https(origin):
                yield f"VHOD_ALLOWED_ORIGINS: an exact https origin is needed, not {origin}."

    def _session_problems(self) -> Iterator[str]:
        if self.session_issuer and self.session_issuer not in {issuer.issuer for issuer in self.issuers}:
            yield f"VHOD_SESSION_ISSUER: {self.session_issuer} is none of VHOD_ISSUERS."
        secret = self.session_client_secret
        if secret is not None and secret == secret_of(DEVELOPMENT_SECRET, self.session_client_id):
            yield "VHOD_SESSION_CLIENT_SECRET is the one of development, which everybody can work out."
        elif secret is not None and len(secret) < CLIENT_SECRET_CHARACTERS:
            yield f"VHOD_SESSION_CLIENT_SECRET has fewer than {CLIENT_SECRET_CHARACTERS} characters."


def _is_https(url: str) -> bool:
    return urlsplit(url).scheme == "https"


def _is_open_to_all(host: str) -> bool:
    """Whether it is a public address, or every address of the machine; a name is left to whoever gave it."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == ""
    return address.is_unspecified or address.is_global


def _stand_in(issuer: str) -> Issuer:
    return Issuer.model_validate({"issuer": issuer, "audience": STAND_IN_AUDIENCE, "matches_people": True})
