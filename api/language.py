"""Which language a caller prefers."""

from starlette.datastructures import Headers

from schema.engine.context import Language


def language_of(headers: Headers) -> Language:
    """Russian when the caller prefers it to English; English otherwise."""
    wanted = headers.get("accept-language", "").lower()
    russian, english = wanted.find("ru"), wanted.find("en")
    return Language.RUSSIAN if russian >= 0 and (english < 0 or russian < english) else Language.ENGLISH
