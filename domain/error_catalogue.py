"""The catalogue of errors: what each code means, its HTTP status, what a client does about it, in two languages."""

from dataclasses import dataclass
from http import HTTPStatus

from domain.errors import Code


@dataclass(frozen=True)
class Entry:
    """A code explained. `status` is the HTTP status where the error is all of the answer.

    The first message is what is said where nothing closer is known; `when` and `then` are for developers of clients.
    """

    status: HTTPStatus
    english: str
    russian: str
    when: str
    then: str
    when_russian: str
    then_russian: str


CATALOGUE = {
    Code.BAD_USER_INPUT: Entry(
        HTTPStatus.OK,
        "An argument cannot be answered.",
        "На такой аргумент нельзя ответить.",
        "An argument is well-formed and makes no sense here: a garbage cursor, `first` with `last`, a negative page.",
        "Mend the argument named; sending the same again gives the same.",
        "Аргумент записан верно, но здесь не имеет смысла: чужой курсор, `first` вместе с `last`.",
        "Исправить названный аргумент; повтор даст то же самое.",
    ),
    Code.BAD_REQUEST: Entry(
        HTTPStatus.BAD_REQUEST,
        "This is no GraphQL request.",
        "Это не запрос GraphQL.",
        "The HTTP request is none of ours: no JSON, no query, a wrong method (405), media type (406, 415), too long a"
        " body (413), a body that does not arrive (408).",
        "Mend the client; a person can do nothing about it.",
        "HTTP-запрос не по правилам: не JSON, нет query, не тот метод (405) или тип (406, 415), слишком"
        " длинное тело (413),"
        " тело не дошло (408).",
        "Исправить программу-клиент; человек ничего сделать не может.",
    ),
    Code.GRAPHQL_PARSE_FAILED: Entry(
        HTTPStatus.BAD_REQUEST,
        "The document is not GraphQL.",
        "Документ не является документом GraphQL.",
        "The document has a syntax error; `locations` says where.",
        "Mend the document.",
        "В документе синтаксическая ошибка; место указано в `locations`.",
        "Исправить документ.",
    ),
    Code.GRAPHQL_VALIDATION_FAILED: Entry(
        HTTPStatus.BAD_REQUEST,
        "The document does not fit the schema.",
        "Документ не соответствует схеме.",
        "A field, argument or type is unknown, a variable is missing or of another type.",
        "Mend the document or the variables; compare with the schema.",
        "Неизвестны поле, аргумент или тип; переменная не передана или другого типа.",
        "Исправить документ или переменные; сверить со схемой.",
    ),
    Code.PERSISTED_QUERY_NOT_FOUND: Entry(
        HTTPStatus.NOT_FOUND,
        "There is no trusted document with this id.",
        "Нет доверенного документа с таким идентификатором.",
        "`documentId` names a document that is not on the list of this client.",
        "Release the document with the client; there is no registration at run time.",
        "`documentId` не входит в список документов этого клиента.",
        "Выпустить документ вместе с клиентом; регистрации на лету нет.",
    ),
    Code.UNAUTHENTICATED: Entry(
        HTTPStatus.UNAUTHORIZED,
        "Sign in to do this.",
        "Войдите, чтобы сделать это.",
        "The token is missing where one is needed, forged, foreign or expired (with `WWW-Authenticate`).",
        "Refresh the token or sign in again, then repeat.",
        "Токен нужен и отсутствует, подделан, чужой или истёк (с `WWW-Authenticate`).",
        "Обновить токен или войти заново и повторить.",
    ),
    Code.FORBIDDEN: Entry(
        HTTPStatus.FORBIDDEN,
        "You may not do this.",
        "Вам этого делать нельзя.",
        "The object is visible and the action on it is not allowed; what is out of sight is null and no"
        " error. A refused"
        " field is null and listed in `extensions.access.denied`.",
        "Ask whoever has one of the roles named.",
        "Объект виден, но действие с ним не разрешено; невидимое — null без ошибки. Закрытое поле — null и запись в"
        " `extensions.access.denied`.",
        "Обратиться к тому, у кого есть одна из названных ролей.",
    ),
    Code.FRESH_SIGN_IN_REQUIRED: Entry(
        HTTPStatus.FORBIDDEN,
        "Sign in again to do this.",
        "Для этого войдите заново.",
        "A change of roles, guardianships or accounts, and the person signed in longer ago than `extensions.maxAge` s"
        " (or the token does not say when: `auth_time`). Renewing a token is no sign-in.",
        "Send the person through sign-in again: `prompt=login` (or `max_age`) in the authorization request, with our"
        " cookie the address `extensions.signIn`; then repeat with the same `clientMutationId`.",
        "Меняются роли, представительства или учётные записи, а человек вошёл раньше, чем `extensions.maxAge` с назад"
        " (или токен не говорит когда: `auth_time`). Обновление токена входом не считается.",
        "Провести человека через вход заново: `prompt=login` (или `max_age`) в запросе авторизации, с нашей cookie —"
        " адрес `extensions.signIn`; затем повторить с тем же `clientMutationId`.",
    ),
    Code.CSRF_REFUSED: Entry(
        HTTPStatus.FORBIDDEN,
        "This request does not come from our own page.",
        "Этот запрос пришёл не с нашей страницы.",
        "A request by session cookie without the session's token in `X-CSRF-Token`, or from a foreign origin.",
        "Send the token that `/session` gives, or call with a bearer token instead of the cookie.",
        "Запрос по cookie без токена сеанса в `X-CSRF-Token` либо с чужого сайта.",
        "Передать токен, который выдаёт `/session`, или обращаться с bearer-токеном вместо cookie.",
    ),
    Code.CLIENT_OUTDATED: Entry(
        HTTPStatus.FORBIDDEN,
        "This version of the application is no longer served.",
        "Эта версия приложения больше не обслуживается.",
        "`X-Client-Name` and `X-Client-Version` name a version older than the server still serves.",
        "Ask the person to update; sending the same again gives the same.",
        "`X-Client-Name` и `X-Client-Version` называют версию старше допустимой.",
        "Предложить обновить приложение; повтор даст то же самое.",
    ),
    Code.PREVIEW_READS_ONLY: Entry(
        HTTPStatus.FORBIDDEN,
        "A preview only reads.",
        "Предпросмотр только читает.",
        "A mutation, an upload or a subscription with the header `Vhod-Preview-Role`.",
        "Send it without the header, in your own name.",
        "Изменение, загрузка файла или подписка с заголовком `Vhod-Preview-Role`.",
        "Отправить без этого заголовка, от своего имени.",
    ),
    Code.LIMIT_EXCEEDED: Entry(
        HTTPStatus.BAD_REQUEST,
        "More was asked for than one answer holds.",
        "Запрошено больше, чем вмещает один ответ.",
        "A document is too large, too deep or too dear (`extensions.cost`), or a list is longer than its"
        " maximum. Never a"
        " silent cut.",
        "Ask for less at a time: a smaller `first`, pages, several requests. `extensions.paths` names the fields that"
        " ask for most.",
        "Документ слишком велик, глубок или дорог (`extensions.cost`), либо список длиннее своего предела."
        " Молча ничего не"
        " обрезается.",
        "Запрашивать меньше за раз: меньший `first`, страницы, несколько запросов. `extensions.paths` называет поля,"
        " которые просят больше всего.",
    ),
    Code.RATE_LIMITED: Entry(
        HTTPStatus.TOO_MANY_REQUESTS,
        "Your budget of requests is spent.",
        "Лимит запросов исчерпан.",
        "The points of this person, client or address are spent until `rateLimit.resetAt`; nothing was done.",
        "Repeat after `extensions.retryAfter` seconds (also `Retry-After`), not earlier.",
        "Баллы этого человека, клиента или адреса исчерпаны до `rateLimit.resetAt`; ничего не сделано.",
        "Повторить через `extensions.retryAfter` секунд (и `Retry-After`), не раньше.",
    ),
    Code.BUSY: Entry(
        HTTPStatus.OK,
        "Somebody is writing here at this moment.",
        "Здесь прямо сейчас пишет кто-то другой.",
        "Somebody else holds the page or row; nothing was changed.",
        "Repeat at once, with the same `clientMutationId`.",
        "Страницу или запись держит кто-то другой; ничего не изменено.",
        "Повторить сразу, с тем же `clientMutationId`.",
    ),
    Code.UNAVAILABLE: Entry(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The server cannot answer now.",
        "Сервер сейчас не может ответить.",
        "The server is full, or the database or the issuer of tokens is away. A change is done not at all, or wholly.",
        "Repeat after `Retry-After` seconds, changes with the same `clientMutationId`: it acts once.",
        "Сервер заполнен либо недоступна база данных или служба входа. Изменение не сделано совсем или"
        " сделано целиком.",
        "Повторить через `Retry-After` секунд, изменения — с тем же `clientMutationId`: оно сработает один раз.",
    ),
    Code.TIMEOUT: Entry(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The answer took too long and was given up.",
        "Ответ готовился слишком долго, выполнение остановлено.",
        "A read took longer than 5 s, a change longer than 30 s. A read left nothing behind; a change may yet be done.",
        "Ask for less at a time; repeat a change with the same `clientMutationId`.",
        "Чтение длилось дольше 5 с, изменение — дольше 30 с. Чтение ничего не оставило; изменение ещё может"
        " завершиться.",
        "Запрашивать меньше за раз; изменение повторить с тем же `clientMutationId`.",
    ),
    Code.INTERNAL: Entry(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong on our side.",
        "Что-то пошло не так на нашей стороне.",
        "A mistake of ours. Nothing of the cause is told; `extensions.requestId` is what the log knows it by.",
        "Tell the operator the `requestId`; repeating seldom helps.",
        "Наша ошибка. Причина не раскрывается; в журнале её находят по `extensions.requestId`.",
        "Сообщить `requestId` администратору; повтор помогает редко.",
    ),
}
"""Every code has an entry; the same order as in the printed table."""


def reference() -> str:
    """The catalogue as Markdown, in both languages; the same text for the same table."""
    return "\n\n".join((TITLE, _table(("code", "HTTP", "when", "what to do", "message"), russian=False), TITLE_RUSSIAN,
                        _table(("код", "HTTP", "когда", "что делать", "сообщение"), russian=True))) + "\n"  # fmt: skip


def _table(heads: tuple[str, ...], *, russian: bool) -> str:
    lines = [_line(heads), _line(tuple("---" for _ in heads))]
    for code, entry in CATALOGUE.items():
        told = (entry.when_russian, entry.then_russian, entry.russian) if russian else _english(entry)
        lines.append(_line((f"`{code.value}`", str(entry.status.value), *told)))
    return "\n".join(lines)


def _english(entry: Entry) -> tuple[str, str, str]:
    return entry.when, entry.then, entry.english


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


TITLE = """\
# Errors

Printed by `python -m api errors` from `domain/error_catalogue.py`. Every error has `extensions.code`, one of these and
nothing else (`ErrorCode` in the schema); codes are stable, messages are not, they come in Russian or English by
`Accept-Language`. Refusals of a change are no errors: they are `userErrors` of the payload, with codes of their own.

The HTTP status holds where the error is all of the answer: 400, 403, 404 for `application/graphql-response+json`; under
`application/json` these are 200, as old clients expect. 401, 405, 406, 408, 413, 415, 429, 500 and 503 are the same for
both: whatever stands between client and server acts on them, and `Retry-After` goes with 429 and 503. An error of a
single field leaves the status at 200 and the rest of the answer whole."""
TITLE_RUSSIAN = """\
## По-русски

У каждой ошибки есть `extensions.code` — один из этих кодов. Коды постоянны, тексты сообщений могут меняться."""
