"""Getting in: a demo person's token, the first administrator."""

import asyncio

from api.commands import CommandError, Say
from api.database import DatabaseUrls, database_urls, open_database
from api.settings import Settings


def print_token(settings: Settings, person: str, client: str, say: Say) -> None:
    """Print an access token of a demo person, signed as the token endpoint signs. Development only."""
    if not settings.development:
        raise CommandError("tokens of demo people exist in development mode only")
    with database_urls(settings) as urls:
        say(asyncio.run(_mint(settings, urls, person, client)))


async def _mint(settings: Settings, urls: DatabaseUrls, person: str, client: str) -> str:
    from api.stand_in import provider_config
    from auth.provider.minting import mint_access_token

    database = open_database(urls, pool_size=1)
    try:
        return await mint_access_token(database.provider, provider_config(settings), person, client_id=client)
    except LookupError as error:
        raise CommandError(str(error)) from None
    finally:
        await database.close()


def grant_administrator(settings: Settings, person: dict[str, str], say: Say) -> None:
    """Give an organisation its first administrator.

    `person` has issuer, subject, last_name, first_name and organisation (OGRN or id).
    """
    from api.grant import grant_first_administrator

    with database_urls(settings) as urls:
        grant_first_administrator(urls.owner.render_as_string(hide_password=False), **person)
    say(f"{person['first_name']} {person['last_name']} is an administrator of {person['organisation']}")
