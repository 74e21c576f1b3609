"""Whether what the product acknowledges gets onto the disk: what the engine last said, and what follows from it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.web.parse import parse_locale
from infra.local.gateway import Reply, Request, problem

PATIENCE_SECONDS = 10.0
"""For how long changes are taken while nothing can be saved; UNSAVED_SECONDS in the environment overrides it."""

_READS = ("GET", "HEAD", "OPTIONS")
_RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True)
class Saving:
    """`fault` says why the last snapshot could not be written, `seconds` how long the oldest change has waited."""

    fault: str = ""
    seconds: float = 0.0

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> Saving:
        """From what the engine's keeper reports."""
        return cls(str(report.get("fault", "")), float(report.get("unsaved_seconds", 0.0)))

    @property
    def refuses(self) -> bool:
        """Whether changes are refused: nothing could be saved for too long."""
        return bool(self.fault) and self.seconds >= float(os.environ.get("UNSAVED_SECONDS") or PATIENCE_SECONDS)

    def refusal(self, request: Request) -> Reply | None:
        """503 for a request that may change something while nothing can be saved; None lets it pass."""
        if request.method in _READS or not self.refuses:
            return None
        return unsaved(request, f"{self.fault}; the oldest change has waited for {self.seconds:.0f} s")


def unsaved(request: Request, reason: str) -> Reply:
    """The refusal of a change that could not be kept."""
    if parse_locale(request.header("Accept-Language")) == "zh":
        title, detail = "暂时无法保存", f"这台机器目前无法保存数据（{reason}）。可以继续查看；腾出空间后请重试。"
    else:
        title = "Nothing can be saved"
        detail = f"This machine cannot save now: {reason}. Reading goes on; send this again later."
    retry = {"Retry-After": str(_RETRY_AFTER_SECONDS)}
    return problem(503, "nothing_can_be_saved", title, detail, request.request_id, **retry)
