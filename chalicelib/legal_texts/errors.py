"""How legal texts are refused."""

from chalicelib.kernel.errors import Conflict, Forbidden


class TextChanged(Conflict):
    """Another version than the one that was accepted is in force by now, or none."""

    code, title, title_zh = "text_changed", "The text has changed since", "文本已更新"


class TermsNotAccepted(Forbidden):
    """The brand takes orders only from who has accepted its terms as they stand."""

    code, title, title_zh = "terms_not_accepted", "Please accept our terms first", "请先同意服务条款"
