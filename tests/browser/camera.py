"""A phone's camera that sees what is held into it: a code, or the screen of another phone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import segno
from playwright.sync_api import Locator

from infra.browser import ARGUMENTS
from tests.browser.window import Windows

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCALE, WIDTH, HEIGHT = 8, 640, 480
BLACK, WHITE, GREY = 16, 235, 128
"""Of the luminance of a film, and of its colours."""

# The picture on a wall of white, in the middle of what the camera sees; as luminance (ITU-R BT.601) in base64.
_LOOK = """(picture, [width, height, black, white]) => {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const draw = canvas.getContext("2d");
  draw.fillStyle = "#fff";
  draw.fillRect(0, 0, width, height);
  const side = height * 0.8;
  draw.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side);
  const { data } = draw.getImageData(0, 0, width, height);
  let seen = "";
  for (let at = 0; at < data.length; at += 4) {
    const light = (0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]) / 255;
    seen += String.fromCharCode(Math.round(black + light * (white - black)));
  }
  return btoa(seen);
}"""


@dataclass
class Camera:
    """`windows` are those of a browser that has this camera."""

    film: Path
    windows: Windows

    def sees(self, text: str) -> None:
        """A code of ours with this text. A camera that is running has to be stopped and started again."""
        rows = [[BLACK if dark else WHITE for dark in row for _ in range(SCALE)] for row in segno.make(text).matrix]
        tall = [bytes(row) for row in rows for _ in range(SCALE)]
        left, above = (WIDTH - len(tall[0])) // 2, (HEIGHT - len(tall)) // 2
        wall, blank = bytes([WHITE]), bytes([WHITE]) * WIDTH
        lit = [wall * left + row + wall * (WIDTH - left - len(row)) for row in tall]
        self.shoot(b"".join([blank] * above + lit + [blank] * (HEIGHT - above - len(tall))))

    def sees_screen(self, picture: Locator) -> None:
        """The picture that another phone shows."""
        self.shoot(base64.b64decode(picture.evaluate(_LOOK, [WIDTH, HEIGHT, BLACK, WHITE])))

    def shoot(self, luminance: bytes) -> None:
        """A second of it, as YUV4MPEG2 in 4:2:0. Another film takes its place: one that is shown is not touched."""
        frame = b"FRAME\n" + luminance + bytes([GREY]) * (WIDTH * HEIGHT // 2)
        new = self.film.with_suffix(".new")
        new.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 10)
        new.replace(self.film)


@pytest.fixture
def camera(browser: Browser, _chromium: str, tmp_path: Path) -> Iterator[Camera]:
    """A browser with a camera, which sees a white wall at first. The test fails when the browser complained."""
    film = tmp_path / "seen.y4m"
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    arguments = [*ARGUMENTS, *flags, f"--use-file-for-fake-video-capture={film}"]
    opened = browser.browser_type.launch(executable_path=_chromium, args=arguments)
    found = Camera(film, Windows(opened))
    found.shoot(bytes([WHITE]) * (WIDTH * HEIGHT))
    yield found
    complaints = list(found.windows.close())
    opened.close()
    if complaints:
        pytest.fail("The browser complained:\n" + "\n".join(complaints))
