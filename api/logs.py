"""How log lines look and what they never hold: the text of an exception, the arguments of foreign messages."""

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from api.settings import LogFormat

OUR_LOGGERS = re.compile(r"(api|schema|auth|domain)(\.|$)")


def configure_logs(form: LogFormat, stream: TextIO | None = None) -> None:
    """Send structlog, uvicorn, SQLAlchemy and all others to one stream (default: stderr) in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    text = structlog.dev.ConsoleRenderer(colors=False, sort_keys=False)
    json = structlog.processors.JSONRenderer(serializer=_json)
    renderer = text if form is LogFormat.TEXT else json
    # Ours do not go through `logging`: a line a request took a seventh of the server's own time there.
    structlog.configure(
        processors=[*shared, _error_without_text, renderer],
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _message_of_others],
        processors=[_error_without_text, _drop_meta, renderer],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    # At INFO they name each address that is asked, with its query.
    for name in ("uvicorn", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def _message_of_others(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Keep of a foreign message the first line of its template: the arguments and the rest may hold data."""
    record: logging.LogRecord = event["_record"]
    if not OUR_LOGGERS.match(record.name):
        event["event"] = record.msg.split("\n")[0] if isinstance(record.msg, str) else type(record.msg).__name__
        event["logger"] = record.name
    event.pop("stack_info", None)
    record.stack_info = None
    return event


def _error_without_text(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its type, those that caused it, and the frames; its text may hold data."""
    given = event.pop("exc_info", None)
    if given:
        error = given if isinstance(given, BaseException) else (sys.exc_info() if given is True else given)[1]
        if error is not None:
            event["error"] = " < ".join(_types(error))
            event["frames"] = _frames(error.__traceback__)
    return event


def _types(error: BaseException | None) -> list[str]:
    names: list[str] = []
    while error is not None and len(names) < 10:
        names.append(type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return names


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def _drop_meta(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, name, event)


def _json(event: object, **_: object) -> str:
    return orjson.dumps(event, default=_unknown).decode()


def _unknown(value: object) -> str:
    """Name the type of what JSON cannot hold: its text was not meant to be read by machines."""
    return f"<{type(value).__name__}>"
