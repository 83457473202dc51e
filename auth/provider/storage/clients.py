"""Registered clients and their secrets."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from auth.provider.clients import Client
from auth.sealing import fingerprint, new_secret

SECRETS_AT_ONCE = 2

_FIND = text("""
    select c.client_id, c.name, c.kind, c.redirect_uris, c.post_logout_redirect_uris, c.scopes, c.consent_required,
           c.id_token_alg, c.backchannel_logout_uri,
           array(select s.secret_hash from provider.client_secrets s where s.client_id = c.client_id)
               as secret_hashes
    from provider.clients c where c.client_id = :client_id
""")
_REGISTER = text("""
    insert into provider.clients (client_id, name, kind, redirect_uris, post_logout_redirect_uris, scopes,
                                  consent_required, id_token_alg, backchannel_logout_uri)
    values (:client_id, :name, :kind, :redirect_uris, :post_logout_redirect_uris, :scopes,
            :consent_required, :id_token_alg, :backchannel_logout_uri)
    on conflict (client_id) do update set
        (name, kind, redirect_uris, post_logout_redirect_uris, scopes, consent_required, id_token_alg,
         backchannel_logout_uri) =
        (excluded.name, excluded.kind, excluded.redirect_uris, excluded.post_logout_redirect_uris, excluded.scopes,
         excluded.consent_required, excluded.id_token_alg, excluded.backchannel_logout_uri)
""")
_ADD_SECRET = text("""
    insert into provider.client_secrets (client_id, secret_hash) values (:client_id, :secret_hash)
    on conflict do nothing
""")
_DROP_OLD_SECRETS = text("""
    delete from provider.client_secrets s where s.client_id = :client_id and s.secret_hash not in (
        select k.secret_hash from provider.client_secrets k where k.client_id = :client_id
        order by k.created_at desc limit :kept)
""")


class Clients:
    """Clients in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def find(self, client_id: str) -> Client | None:
        """The client of this identifier, with the hashes of its active secrets."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_FIND, {"client_id": client_id})).mappings().one_or_none()
        return Client(**{**row, "secret_hashes": tuple(map(bytes, row["secret_hashes"]))}) if row else None

    async def register(self, client: Client) -> None:
        """Write a client as given; one that exists is changed to it and keeps its last other secret."""
        values = {**vars(client)}
        hashes = values.pop("secret_hashes")
        for name in ("redirect_uris", "post_logout_redirect_uris", "scopes"):
            values[name] = list(values[name])
        async with self._engine.begin() as connection:
            await connection.execute(_REGISTER, values)
            for secret_hash in hashes:
                await connection.execute(_ADD_SECRET, {"client_id": client.client_id, "secret_hash": secret_hash})
            await connection.execute(_DROP_OLD_SECRETS, {"client_id": client.client_id, "kept": SECRETS_AT_ONCE})

    async def add_secret(self, client_id: str) -> str:
        """Give a client a new secret and return it, once. The one before stays valid, older ones end."""
        secret = new_secret()
        async with self._engine.begin() as connection:
            await connection.execute(_ADD_SECRET, {"client_id": client_id, "secret_hash": fingerprint(secret)})
            await connection.execute(_DROP_OLD_SECRETS, {"client_id": client_id, "kept": SECRETS_AT_ONCE})
        return secret
