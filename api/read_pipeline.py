"""ReadPipeline: one connection on which who asks and what is asked leave together and are awaited once.

psycopg's own pipeline sends and waits three times for that, which took as long as all else that the server did for a
small answer; `psycopg.pq` is the documented libpq underneath it.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait

from api.arrivals import Arrivals
from domain.recent import Recent

PREPARED = 200
CANCEL_SECONDS = 5.0
Statement = tuple[str, tuple[int, ...]]
"""A text and the types of its parameters: psycopg sends small numbers as another type than large ones."""


@dataclass(frozen=True, eq=False)
class Sent:
    """A statement with its parameters as they go out."""

    key: Statement
    values: Sequence[Any]
    formats: Sequence[Any]


@dataclass
class ReadPipeline:
    """A connection in pipeline mode. Whatever goes out between two of its ends is one transaction."""

    connection: AsyncConnection[Any]
    _arrivals: Arrivals = field(init=False)
    _names: Recent[Statement, bytes] = field(default_factory=lambda: Recent(PREPARED))
    _met: Recent[Statement, bool] = field(default_factory=lambda: Recent(PREPARED))
    _named: int = 0

    def __post_init__(self) -> None:
        self.connection.pgconn.enter_pipeline_mode()
        self._arrivals = Arrivals(self.connection.fileno())

    @property
    def whole(self) -> bool:
        """Whether nothing is under way: the next may use it."""
        pgconn = self.connection.pgconn
        idle = pgconn.transaction_status == TransactionStatus.IDLE
        return not self.connection.closed and idle and pgconn.pipeline_status == PipelineStatus.ON

    def dumped(self, text: str, values: Sequence[Any]) -> Sent:
        """A statement as any connection of ours sends it. Raises psycopg.Error, UnicodeError for what is no text."""
        transformer = Transformer(self.connection)
        dumped = transformer.dump_sequence(values, [PyFormat.AUTO] * len(values))
        return Sent((text, tuple(transformer.types or ())), dumped, transformer.formats or ())

    async def ask(self, *statements: Sent) -> list[tuple[bytes | None, ...]]:
        """The one row of each statement, in one transaction; cells as text.

        Raises psycopg.Error. Whoever is cancelled meanwhile must abandon the pipeline.
        """
        steps = [step for one in statements for step in self._steps(one)]
        await self._send(send for send, _ in steps)
        results = await self._results()
        self._note([prepared for _, prepared in steps], results)
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result, self.connection.info.encoding)
        return [_row(result) for result in results if result.status == ExecStatus.TUPLES_OK]

    async def abandon(self) -> None:
        """Stop what is under way and close: its answer is for nobody."""
        with suppress(psycopg.Error):
            await self.connection.cancel_safe(timeout=CANCEL_SECONDS)
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        self._arrivals.close()
        await self.connection.close()

    async def _send(self, sends: Iterable[Callable[[], None]]) -> None:
        pgconn = self.connection.pgconn
        for send in sends:
            send()
        pgconn.pipeline_sync()
        if pgconn.flush():
            # psycopg listens on the same socket, and takes the listener away in the end: ours must know.
            self._arrivals.close()
            await self.connection.wait(_flushed(pgconn))

    async def _results(self) -> list[PGresult]:
        """One result for each that was sent, up to the end of the transaction."""
        pgconn, results = self.connection.pgconn, list[PGresult]()
        while True:
            while pgconn.is_busy():
                await self._arrivals.wait()
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
                return results
            if result is not None:
                results.append(result)
            elif pgconn.status == ConnStatus.BAD:
                raise psycopg.OperationalError("the connection is lost")

    def _steps(self, sent: Sent) -> list[tuple[Callable[[], None], tuple[Statement, bytes] | None]]:
        """What to send; with a preparation, what is known once it has succeeded. What comes again is prepared."""
        pgconn, (text, types) = self.connection.pgconn, sent.key
        name = self._names.get(sent.key)
        if name is not None:
            return [(partial(pgconn.send_query_prepared, name, sent.values, sent.formats), None)]
        if sent.key not in self._met:
            self._met.keep(sent.key, True)
            return [(partial(pgconn.send_query_params, text.encode(), sent.values, types, sent.formats), None)]
        self._named += 1
        name = b"read_%d" % self._named
        return [
            *self._dropped(),
            (partial(pgconn.send_prepare, name, text.encode(), types), (sent.key, name)),
            (partial(pgconn.send_query_prepared, name, sent.values, sent.formats), None),
        ]

    def _dropped(self) -> list[tuple[Callable[[], None], None]]:
        """Make room: what was asked longest ago is forgotten on both sides."""
        if len(self._names) < PREPARED:
            return []
        name = self._names.drop_oldest()
        return [(partial(self.connection.pgconn.send_query_params, b"deallocate " + name, None), None)]

    def _note(self, prepared: list[tuple[Statement, bytes] | None], results: list[PGresult]) -> None:
        """A statement counts as prepared when the database said so, whatever became of running it."""
        for made, result in zip(prepared, results, strict=False):
            if made is not None and result.status == ExecStatus.COMMAND_OK:
                self._names.keep(made[0], made[1])


def _flushed(pgconn: PGconn) -> Generator[Wait, Ready | int, None]:
    """More than the socket takes at once. The database may want to be listened to before it takes more."""
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()


def _row(result: PGresult) -> tuple[bytes | None, ...]:
    if result.ntuples != 1:
        raise RuntimeError("a statement that always has one row had none or several")
    return tuple(result.get_value(0, column) for column in range(result.nfields))
