"""Scopes the provider knows, and what each one means to the person who is asked."""

from collections.abc import Iterable

SCOPES = {
    "openid": "узнать, что это вы",
    "profile": "узнать имя, пол и дату рождения",
    "fullname": "узнать фамилию, имя и отчество",
    "birthdate": "узнать дату рождения",
    "snils": "узнать номер СНИЛС",
    "offline_access": "оставаться подключённым, когда вы не пользуетесь приложением",
    "education:read": "читать школьные данные, доступные вам",
    "education:write": "вносить школьные данные от вашего имени",
    "education:special": "читать особые сведения (здоровье, социальный статус), если они доступны вам",
}


def granted_scope(requested: str | None, allowed: Iterable[str]) -> str:
    """The requested scopes that we know and the client may have, in the order requested; the others are ignored."""
    known = set(SCOPES) & set(allowed)
    return " ".join(scope for scope in dict.fromkeys((requested or "").split()) if scope in known)
