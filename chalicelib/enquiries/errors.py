"""Why an enquiry, or a FAQ, was not changed."""

from chalicelib.kernel.errors import Conflict, TooManyRequests


class EnquiryClosed(Conflict):
    """The enquiry is closed, and was for so long that it is not opened again."""

    code, title, title_zh = "enquiry_closed", "The enquiry is closed", "咨询已关闭"


class ConversationFull(Conflict):
    """The enquiry has as many entries as it keeps; it can still be closed."""

    code, title, title_zh = "conversation_full", "The conversation is full", "对话记录已满"


class TooManyOpen(Conflict):
    """A member has as many open enquiries as they may have at once."""

    code, title, title_zh = "too_many_open_enquiries", "You have many open enquiries", "未关闭的咨询过多"


class TooManyEnquiries(TooManyRequests):
    """A member has asked as often today as they may."""

    code, title, title_zh = "too_many_enquiries", "You have asked a lot today", "今日咨询次数过多"


class NothingToJudge(Conflict):
    """No automatic answer waits for the member's word whether it helped."""

    code, title, title_zh = "no_answer_to_judge", "There is no automatic answer to judge", "没有待评价的自动回复"


class FaqFull(Conflict):
    """The FAQ has as many entries as it keeps."""

    code, title, title_zh = "faq_full", "The FAQ is full", "常见问题已满"
