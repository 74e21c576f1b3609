"""What an import is."""

from chalicelib.jobs.model import Kind

ORDERS = Kind("orders", "import.continue", "imports")
"""A file of orders."""

MEMBERS = Kind("members", "import.members", "imports")
"""A file of members."""

PRODUCTS = Kind("products", "import.products", "imports")
"""A file of products."""

COMPETITOR_PRICES = Kind("competitor_prices", "import.prices", "imports")
"""A file of what competitors ask."""

MOST_ERRORS = 100_000
"""With more bad rows than this the file is the wrong one, and the import ends."""

MOST_TRIED_ROWS = 20_000
"""Of a file that is tried out: all of it is looked at in one go, since a row may be a double of any before it."""

TOO_MANY_ERRORS = {
    "en": "More than {most} rows are wrong: this seems to be another file.",
    "zh": "超过 {most} 行有误，可能选错了文件。",
}

NEVER_STARTED = {
    "en": "The import was not started within a day. Begin a new one.",
    "zh": "导入未在一天内启动，请重新发起。",
}

REPLACED = {
    "en": "The file was removed or replaced while it was being imported.",
    "zh": "导入过程中文件被删除或替换。",
}
