"""Whose clock a time is by, in words: by the city that names the zone. Pure."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.kernel.language import Language

_IN_CHINESE: Mapping[str, str] = {
    "Asia/Shanghai": "北京", "Asia/Chongqing": "北京", "Asia/Urumqi": "乌鲁木齐", "Asia/Hong_Kong": "香港",
    "Asia/Macau": "澳门", "Asia/Taipei": "台北", "Asia/Tokyo": "东京", "Asia/Seoul": "首尔", "Asia/Singapore": "新加坡",
    "Asia/Kuala_Lumpur": "吉隆坡", "Asia/Bangkok": "曼谷", "Asia/Ho_Chi_Minh": "胡志明市", "Asia/Jakarta": "雅加达",
    "Asia/Manila": "马尼拉", "Asia/Kolkata": "加尔各答", "Asia/Dubai": "迪拜", "Australia/Sydney": "悉尼",
    "Australia/Melbourne": "墨尔本", "Australia/Brisbane": "布里斯班", "Australia/Perth": "珀斯",
    "Pacific/Auckland": "奥克兰", "Europe/London": "伦敦", "Europe/Dublin": "都柏林", "Europe/Paris": "巴黎",
    "Europe/Berlin": "柏林", "Europe/Madrid": "马德里", "Europe/Rome": "罗马", "Europe/Amsterdam": "阿姆斯特丹",
    "Europe/Zurich": "苏黎世", "Europe/Moscow": "莫斯科", "Africa/Cairo": "开罗", "Africa/Johannesburg": "约翰内斯堡",
    "America/New_York": "纽约", "America/Toronto": "多伦多", "America/Chicago": "芝加哥", "America/Denver": "丹佛",
    "America/Los_Angeles": "洛杉矶", "America/Vancouver": "温哥华", "America/Sao_Paulo": "圣保罗",
}  # fmt: skip
"""Cities whose names Chinese readers write in Chinese. Others are named as the zone is, which is their own or English
spelling: a whole table of them (CLDR) would weigh more than all our texts.
"""


def said_zone(tz: ZoneInfo, moment: datetime, language: Language) -> str:
    """Such as ``New York time`` or ``纽约时间``; of a zone without a city how far it is from Greenwich."""
    area, _, place = tz.key.partition("/")
    if not place or area == "Etc":
        ahead = f"{moment.astimezone(tz):%z}"
        return f"GMT{ahead[:3]}:{ahead[3:5]}"
    city = place.rpartition("/")[2].replace("_", " ")
    if language == "zh":
        known = _IN_CHINESE.get(tz.key)
        return f"{known}时间" if known else f"{city} 时间"
    return f"{city} time"
