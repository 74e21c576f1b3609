"""Scripts, styles and a brand's colours: the same for everyone, kept by browsers for ever."""

import re

from chalicelib.kernel.errors import NotFound
from chalicelib.pages.shell import assets
from chalicelib.pages.shell.answers import Content
from chalicelib.pages.shell.registrar import Pages
from chalicelib.pages.shell.visit import Visit
from chalicelib.web import anyone
from chalicelib.web.colours import theme

pages = Pages(__name__)

FOR_EVER = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"
_THEME = re.compile(r"([0-9a-f]{6})\.css")


@pages.page("/static/{version}/{name}", allow=anyone(), place="static")
def asset(visit: Visit[None]) -> Content:
    """One of the assets. An older version's address gives what is there now, and is not kept."""
    name = visit.path["name"]
    if name not in assets.files():
        raise NotFound("There is no such file.", detail_zh="没有该文件。")
    kind = assets.TYPES[assets.files()[name].suffix]
    return Content(assets.text(name), kind, FOR_EVER if visit.path["version"] == assets.version() else "no-store")


@pages.page("/static/theme/{colour}", allow=anyone(), place="static")
def colours(visit: Visit[None]) -> Content:
    """The style sheet of a colour, such as ``1f6feb.css``."""
    found = _THEME.fullmatch(visit.path["colour"])
    if found is None:
        raise NotFound("There is no such colour.", detail_zh="没有该颜色。")
    return Content(theme(f"#{found[1]}"), assets.TYPES[".css"], _HOUR)
