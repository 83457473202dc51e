"""The environment is read with its types, and production refuses what only development may do."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.commands import CommandError
from api.commands.environment import load_settings
from api.settings import DEVELOPMENT_SECRET, LogFormat, Settings, UnsafeSettingsError
from auth.provider.clients import secret_of

SAFE = {
    "VHOD_MODE": "production",
    "DATABASE_URL": "postgresql://owner:database-password@db.example/vhod",
    "PUBLIC_URL": "https://vhod.example",
    "VHOD_ISSUERS": '[{"issuer": "https://id.example", "audience": "vhod-api"}]',
    "VHOD_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "VHOD_ALLOWED_ORIGINS": '["https://school.example"]',
}
VARIABLES = (
    *SAFE,
    *("APP_DATABASE_URL", "PROVIDER_DATABASE_URL", "HOST", "PORT", "VHOD_STAND_IN", "VHOD_LOG_FORMAT"),
    *("VHOD_METRICS_HOST", "VHOD_METRICS_PORT", "VHOD_POOL_SIZE", "VHOD_STATE", "VHOD_SECRETS_DIR"),
    *("VHOD_SESSION_ISSUER", "VHOD_SESSION_CLIENT_ID", "VHOD_SESSION_CLIENT_SECRET", "VHOD_SESSION_SCOPE"),
)


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own variables decide nothing here."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> Settings:
    """Settings of exactly these variables."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_empty_environment_is_development_on_loopback() -> None:
    """Without any variable: private database, stand-in sign-in, text logs, all on this machine."""
    settings = Settings()
    settings.refuse_unsafe()

    assert settings.development
    assert settings.database_url is None
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.stand_in
    assert [(issuer.issuer, issuer.audience) for issuer in settings.issuers] == [
        ("http://127.0.0.1:8000/oidc", "vhod-api")
    ]
    assert settings.issuers[0].algorithms == ("ES256", "RS256")
    assert settings.issuers[0].typ == ("at+jwt",)
    assert settings.log_format is LogFormat.TEXT


def test_another_port_changes_the_address_and_the_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    """PORT alone is enough to run a second copy."""
    settings = read(monkeypatch, {"PORT": "8123"})

    assert settings.public_url == "http://127.0.0.1:8123"
    assert settings.issuers[0].issuer == "http://127.0.0.1:8123/oidc"


def test_sound_production_environment_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything given and https: no stand-in, JSON logs, our driver in the address."""
    settings = read(monkeypatch, SAFE)
    settings.refuse_unsafe()

    assert not settings.stand_in
    assert settings.log_format is LogFormat.JSON
    assert settings.database_url == "postgresql+psycopg://owner:database-password@db.example/vhod"
    assert settings.allowed_origins == ("https://school.example",)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"VHOD_SECRET_KEY": ""}, "VHOD_SECRET_KEY is not set"),
        ({"VHOD_SECRET_KEY": "short"}, "VHOD_SECRET_KEY has fewer than 32 characters"),
        ({"VHOD_SECRET_KEY": "changeme" * 4}, "VHOD_SECRET_KEY repeats itself"),
        ({"VHOD_METRICS_PORT": "9464", "VHOD_METRICS_HOST": "0.0.0.0"}, "an address of the inner network"),
        ({"VHOD_METRICS_PORT": "9464", "VHOD_METRICS_HOST": "::"}, "an address of the inner network"),
        ({"VHOD_METRICS_PORT": "9464", "VHOD_METRICS_HOST": "8.8.8.8"}, "an address of the inner network"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"PUBLIC_URL": "http://vhod.example"}, "PUBLIC_URL must be https"),
        ({"VHOD_STAND_IN": "true"}, "VHOD_STAND_IN serves demo people"),
        ({"VHOD_ISSUERS": ""}, "VHOD_ISSUERS is not set"),
        ({"VHOD_ISSUERS": '[{"issuer": "http://id.example", "audience": "a"}]'}, "issuer must be https"),
        ({"VHOD_ISSUERS": '[{"issuer": "https://vhod.example/oidc", "audience": "a"}]'}, "is the stand-in"),
        ({"VHOD_ALLOWED_ORIGINS": '["*"]'}, "an exact https origin is needed"),
        ({"VHOD_FRESH_SIGN_IN_SECONDS": "7200"}, "VHOD_FRESH_SIGN_IN_SECONDS is more than 3600"),
        ({"VHOD_SESSION_ISSUER": "https://other.example"}, "is none of VHOD_ISSUERS"),
        ({"VHOD_SESSION_CLIENT_SECRET": "short"}, "VHOD_SESSION_CLIENT_SECRET has fewer than 16 characters"),
        ({"VHOD_SESSION_CLIENT_SECRET": secret_of(DEVELOPMENT_SECRET, "vhod-web")}, "is the one of development"),
    ],
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], problem: str) -> None:
    """One unsafe setting, one clear sentence about it."""
    settings = read(monkeypatch, SAFE | changes)

    with pytest.raises(UnsafeSettingsError) as refusal:
        settings.refuse_unsafe()
    assert problem in str(refusal.value)
    assert str(refusal.value).count("\n") == 0


HARMLESS = {
    "APP_DATABASE_URL": "the login behind it is judged at the start (verify_role)",
    "PROVIDER_DATABASE_URL": "for the stand-in alone, which production refuses",
    "VHOD_MODE": "is what all the rest depends on",
    "VHOD_POOL_SIZE": "bounded by its type",
    "VHOD_STATE": "for the private PostgreSQL, which production refuses",
    "HOST": "the proxy stands before it; the port has no secrets of its own",
    "PORT": "bounded by its type",
    "VHOD_METRICS_PORT": "bounded by its type; where it listens is judged",
    "VHOD_SESSION_CLIENT_ID": "a name that the provider gave",
    "VHOD_SESSION_SCOPE": "bounded by what the provider grants",
    "VHOD_LOG_FORMAT": "only a form",
    "VHOD_DOCUMENTS": "documents in it are read by their hash, and by nobody with more rights than their own",
    "VHOD_TRUSTED_DOCUMENTS_ONLY": "only takes away",
    "VHOD_TRUSTED_PROXIES": "names whose word on addresses is taken; it moves budgets, no rights",
    "VHOD_BUDGETS": "bounded by its type",
    "VHOD_PLACES": "bounded by its type",
    "VHOD_MINIMUM_VERSIONS": "only takes away",
}


def test_every_variable_is_judged_or_harmless() -> None:
    """A new switch or secret is either refused when unsafe, in the table above, or said here to do no harm."""
    marks = test_production_refuses.pytestmark  # type: ignore[attr-defined]
    table = next(mark for mark in marks if mark.name == "parametrize")
    judged = {name for changes, _ in table.args[1] for name in changes}
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}

    assert known - judged - set(HARMLESS) == set()
    assert set(HARMLESS) <= known


def test_secrets_come_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One in a file that has the variable's name, as containers are given them; the environment wins."""
    (tmp_path / "VHOD_SECRET_KEY").write_text("from-a-file-0123456789abcdefghij\n")
    (tmp_path / "DATABASE_URL").write_text("postgresql://file@db.example/vhod\n")
    monkeypatch.setenv("VHOD_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://environment@db.example/vhod")
    settings = load_settings()

    assert settings.secret_key == "from-a-file-0123456789abcdefghij"
    assert settings.database_url == "postgresql+psycopg://environment@db.example/vhod"


def test_production_names_all_problems_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to start the server five times to learn five problems."""
    settings = read(monkeypatch, {"VHOD_MODE": "production", "VHOD_STAND_IN": "true"})

    with pytest.raises(UnsafeSettingsError) as refusal:
        settings.refuse_unsafe()
    assert len(str(refusal.value).splitlines()) == 5


@pytest.mark.parametrize(
    "bad", [{"PORT": "none"}, {"VHOD_MODE": "test"}, {"DATABASE_URL": "mysql://u:canary@h/d"}, {"VHOD_ISSUERS": "[1]"}]
)
def test_unreadable_variable_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, bad: dict[str, str]) -> None:
    """An address holds a password: the message has the variable's name and the rule."""
    [(name, value)] = bad.items()
    monkeypatch.setenv(name, value)

    with pytest.raises(CommandError, match=name) as refusal:
        load_settings()
    assert "canary" not in str(refusal.value)
    with pytest.raises(ValidationError) as error:
        Settings()
    assert "canary" not in str(error.value)


def test_printed_settings_hide_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings may end up in a traceback or a debugger."""
    printed = repr(read(monkeypatch, SAFE))

    assert "database-password" not in printed
    assert SAFE["VHOD_SECRET_KEY"] not in printed
