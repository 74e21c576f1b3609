"""Why a business calendar was not taken."""

from chalicelib.kernel.errors import Invalid


class NoWorkingHours(Invalid):
    """A business calendar without a single working hour: by it nothing would ever become due."""

    code, title, title_zh = "no_working_hours", "The calendar has no working hours", "营业日历没有营业时间"
