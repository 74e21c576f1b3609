"""What classes of members, weekdays and kinds of day are called, in tables and charts of several reports."""

from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.heatmap import DayKind

CLASS_WORDS = {
    "new": Words("new", "新会员"), "active": Words("active", "活跃"),
    "dormant": Words("dormant", "沉睡"), "churned": Words("churned", "流失"),
}  # fmt: skip

NAMELESS_WORDS = {"none": Words("none", "无"), "unknown": Words("unknown", "未知")}

WEEKDAY_WORDS = (
    Words("Monday", "周一"), Words("Tuesday", "周二"), Words("Wednesday", "周三"), Words("Thursday", "周四"),
    Words("Friday", "周五"), Words("Saturday", "周六"), Words("Sunday", "周日"),
)  # fmt: skip

KIND_WORDS = {
    DayKind.WORKDAY: Words("Workdays", "工作日"), DayKind.WEEKEND: Words("Weekends", "周末"),
    DayKind.HOLIDAY: Words("Holidays", "节假日"),
}  # fmt: skip

GROUP_WORDS = {
    "unknown": Words("not known", "未知"),
    "no_goods": Words("no goods, such as delivery", "非商品，如配送费"),
    "total": Words("together", "合计"),
}
"""Groups of a summary that have no title of their own."""
