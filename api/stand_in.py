"""The stand-in provider as our settings want it, and who can sign in there."""

from collections.abc import Iterator

from api.settings import STAND_IN_AUDIENCE, Settings
from auth.provider.config import ProviderConfig
from auth.provider.people import load_people


def provider_config(settings: Settings) -> ProviderConfig:
    """Configuration of the provider under our own address; ValueError for combinations that are not safe."""
    return ProviderConfig(
        issuer=settings.stand_in_issuer,
        audience=STAND_IN_AUDIENCE,
        secret_key=settings.secret_key,
        development=settings.development,
        allowed_origins=settings.origins,
    )


def people_table() -> Iterator[str]:
    """One line for each demo person: key, what they are, and how a child signs in."""
    for person in load_people().values():
        child = f"; child's form: {person.login} / {person.passphrase}" if person.login else ""
        yield f"  {person.key:<24} {person.title}: {person.name}{child}"
