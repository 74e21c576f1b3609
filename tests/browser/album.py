"""Pictures of what people see, for who wants to look at them: WEEK_PICTURES=/some/folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page


@dataclass
class Album:
    """A folder of pictures in the order in which they were taken; without a folder none is."""

    folder: Path | None = None
    taken: int = 0

    @classmethod
    def wanted(cls, chapter: str) -> Album:
        """One within the folder that the environment names."""
        named = os.environ.get("WEEK_PICTURES", "")
        folder = Path(named) / chapter if named else None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        return cls(folder)

    def keep(self, page: Page, name: str) -> None:
        """Takes a picture of the whole page, in a window that is as high: so no bar that stays in view covers it."""
        size = page.viewport_size
        if self.folder and size:
            self.taken += 1
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
            page.screenshot(path=self.folder / f"{self.taken:02} {name}.png", animations="disabled")
            page.set_viewport_size(size)
