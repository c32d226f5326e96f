"""Statements of the hot way, compiled once.

On SQLite, where a statement itself takes microseconds, running it through the engine's machinery
each time would cost more than the statement: there the compiled text goes straight to the driver.
On PostgreSQL the engine runs it, because it also notices connections that broke.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select

Row = Sequence[Any]
_Turn = Callable[[Any], Any] | None


class Prepared:
    """One statement, called with its parameters by name."""

    def __init__(self, statement: UpdateBase | Select[Any]) -> None:
        """statement: the same names must be given at each call; no lists among its parameters."""
        self._statement = statement
        self._sql: str | None = None
        self._fixed: dict[str, Any] = {}
        self._inward: list[tuple[str, _Turn]] = []
        self._outward: list[_Turn] = []

    def rows(self, connection: Connection, **given: Any) -> Sequence[Row]:
        """The rows it gives, values in Python's types."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, given).all()
        found: list[Row] = self._run(connection, given).fetchall()
        if not any(self._outward):
            return found
        return [
            [turn(value) if turn else value for turn, value in zip(self._outward, row, strict=True)]
            for row in found
        ]

    def first(self, connection: Connection, **given: Any) -> Row | None:
        """The first row, if any."""
        return next(iter(self.rows(connection, **given)), None)

    def count(self, connection: Connection, **given: Any) -> int:
        """Run a change; how many rows it changed."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, given).rowcount
        changed: int = self._run(connection, given).rowcount
        return changed

    def _run(self, connection: Connection, given: dict[str, Any]) -> Any:
        if self._sql is None:
            self._compile(connection, list(given))
        values = {**self._fixed, **given}
        raw = connection.connection.dbapi_connection
        assert raw is not None
        assert self._sql is not None
        return raw.execute(
            self._sql,
            [turn(values[name]) if turn else values[name] for name, turn in self._inward],
        )

    def _compile(self, connection: Connection, names: list[str]) -> None:
        dialect = connection.dialect
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=names)
        self._fixed = {name: value for name, value in compiled.params.items() if name not in names}
        inward = compiled._bind_processors  # noqa: SLF001 - what the engine itself would apply
        self._inward = [(name, inward.get(name)) for name in compiled.positiontup]
        self._outward = [
            column[3].dialect_impl(dialect).result_processor(dialect, None)
            for column in compiled._result_columns  # noqa: SLF001 - as above
        ]
        self._sql = str(compiled)
