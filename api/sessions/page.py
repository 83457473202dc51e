"""The one page that sign-in shows itself: why it did not work and what to do now. No script, no foreign text."""

from html import escape

from starlette.responses import HTMLResponse

from api.sessions.errors import SignInFailed

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
CANCELLED = "Вы отменили вход", "You cancelled signing in."
STATE = "Этот вход начат не здесь или слишком давно", "This sign-in was begun elsewhere or too long ago."
AWAY = "Поставщик входа сейчас не отвечает", "The sign-in provider does not answer now."
OTHER = "Войти не получилось", "Signing in did not work."
UNCONFIGURED = "Вход через браузер на этом сервере не настроен", "Sign-in by browser is not set up on this server."

_PAGE = """<!doctype html>
<html lang="ru">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title></head>
<body><main><h1>{title}</h1><p lang="en">{english}</p>
<p><a href="/session/sign-in">Попробовать ещё раз</a> · <a href="/">На главную</a></p>
<p>Для поддержки: <code>{code}</code>, <code>{request_id}</code></p></main></body></html>
"""


def trouble_page(status: int, words: tuple[str, str], code: str, request_id: str) -> HTMLResponse:
    """A page that says what happened; `code` and the request's id are for whoever supports the person."""
    html = _PAGE.format(title=words[0], english=words[1], code=escape(code), request_id=escape(request_id))
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


def words_for(error: SignInFailed) -> tuple[str, str]:
    """What to tell the person."""
    return {"cancelled": CANCELLED, "state": STATE}.get(error.reason, OTHER)
