"""A fresh sign-in: who gives rights away has just proved who they are, not somebody at a forgotten screen."""

from typing import TYPE_CHECKING

from domain.errors import FreshSignInRequired

if TYPE_CHECKING:
    from schema.engine.context import Context


def need_fresh_sign_in(context: "Context") -> None:
    """Raise FreshSignInRequired where the sign-in is older than the setting, or nobody says how old it is.

    Asked after the rights: whoever may not do it at all is not sent to sign in for nothing.
    """
    if context.signed_in_at is None or context.clock() - context.signed_in_at > context.fresh_for:
        raise FreshSignInRequired(int(context.fresh_for.total_seconds()))
