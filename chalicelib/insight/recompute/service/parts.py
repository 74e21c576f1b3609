"""What of a month the checks of the whole history need, kept as files under the tenant's own prefix for some days: who
ordered on which day, and who took part, by ordinal.
"""

from pathlib import Path

from chalicelib.insight.recompute.model.months import PURCHASES, TAKEN_PART
from chalicelib.insight.recompute.service.engine import Engine
from chalicelib.media.service import files

_PARQUET = "application/vnd.apache.parquet"
_PARTS = {"ordered": PURCHASES, "took_part": TAKEN_PART}


def store_part(engine: Engine, tenant_id: str, job_id: str, month: str) -> None:
    """Keeps a month; one that is read again overwrites itself."""
    for name, query in _PARTS.items():
        path = engine.folder / f"{name}.parquet"
        engine.write_parquet(query, path)
        files.store(_key(tenant_id, job_id, month, name), path.read_bytes(), _PARQUET, lasting=False)
        path.unlink()


def load_parts(engine: Engine, tenant_id: str, job_id: str, months: list[str]) -> None:
    """Fills the tables with all months, one after the other."""
    path: Path = engine.folder / "part.parquet"
    for month in months:
        for name in _PARTS:
            with path.open("wb") as file:
                file.writelines(files.chunks(_key(tenant_id, job_id, month, name)))
            engine.read_parquet(name, path)
            path.unlink()


def _key(tenant_id: str, job_id: str, month: str, name: str) -> str:
    return f"{tenant_id}/recompute/{job_id}/{month}-{name}.parquet"
