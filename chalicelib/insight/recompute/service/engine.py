"""DuckDB in memory, spilling into a folder of its own: it reaches nothing but this folder, and loads no extension."""

import csv
import tempfile
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from chalicelib.insight.recompute.model.checks import MOST_SHOWN, Check, Difference, Found, comparison

MEMORY = "1GB"
SPILLED = "3GB"
"""At most so much lies beside the memory: the function has 4 GB of disk."""

_ROWS_AT_ONCE = 100_000

_NOTHING = "\x01"
"""How NULL stands in a file: text that comes in has no such sign, and may be empty."""

_FILE = f"FORMAT csv, HEADER false, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '{_NOTHING}', AUTO_DETECT false"


class Engine:
    """A database that is gone with the block that opened it. Rows come by files of so many lines: what is read of a
    history is in memory a batch at a time.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="recompute-")
        self.folder = Path(self._folder.name)

    def __enter__(self) -> Self:
        import duckdb  # it is in the layer of one function, and takes 0.1 s

        inside = str(self.folder)
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY,
                "max_temp_directory_size": SPILLED,
                "temp_directory": inside,
                "home_directory": inside,
                "extension_directory": inside,
                "custom_extension_repository": inside,
                "threads": "2",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        self.run([f"SET allowed_directories = ['{inside}']", "SET enable_external_access = false"])
        self.run(["SET lock_configuration = true"])
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()
        self._folder.cleanup()

    def run(self, statements: Iterable[str]) -> None:
        """Runs statements in their order."""
        for each in statements:
            self._connection.execute(each)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a small answer."""
        found: list[tuple[Any, ...]] = self._connection.execute(query).fetchall()
        return found

    def load(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Adds rows to a table, in the order of its columns; None is NULL."""
        path, left = self.folder / "rows.csv", iter(rows)
        while batch := list(islice(left, _ROWS_AT_ONCE)):
            with path.open("w", newline="") as file:
                csv.writer(file).writerows([_NOTHING if each is None else each for each in row] for row in batch)
            self._connection.execute(f"COPY {table} FROM '{path}' ({_FILE})")
            path.unlink()

    def clear(self, names: Iterable[str]) -> None:
        """Empties tables."""
        self.run(f"TRUNCATE {name}" for name in names)

    def read_parquet(self, table: str, path: Path) -> None:
        """Adds the rows of a file to a table."""
        self._connection.execute(f"COPY {table} FROM '{path}' (FORMAT parquet)")

    def write_parquet(self, query: str, path: Path) -> None:
        """Writes the rows of a query into a file."""
        self._connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")

    def compare(self, checks: Iterable[Check]) -> Found:
        """What the checks come to."""
        found = Found()
        for check in checks:
            found.add(self._compared(check))
        return found

    def _compared(self, check: Check) -> Found:
        differs = "WHERE stored IS DISTINCT FROM recounted"
        self.run([f"CREATE OR REPLACE TEMP TABLE compared AS {comparison(check)}"])
        ((compared, differing),) = self.rows(f"SELECT count(*), count(*) FILTER ({differs}) FROM compared")
        if not differing:
            return Found(compared)
        first = self.rows(
            f"SELECT period, cell, stored::BIGINT, recounted::BIGINT FROM compared {differs} "
            f"ORDER BY period, cell LIMIT {MOST_SHOWN}"
        )
        periods = {name for (name,) in self.rows(f"SELECT DISTINCT period FROM compared {differs}")}
        return Found(compared, differing, [Difference(check.name, *each) for each in first], {check.name: periods})
