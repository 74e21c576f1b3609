"""Why an announcement does not go where somebody wants it."""

from chalicelib.kernel.errors import Conflict


class AnnouncementOver(Conflict):
    """It was sent or cancelled already, so nothing of it can be held or sent any more."""

    code, title, title_zh = "announcement_over", "The announcement has ended", "公告已结束"
