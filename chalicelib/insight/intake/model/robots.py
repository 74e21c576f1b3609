"""Who is no person, by what a browser calls itself. Pure."""

import re

_ROBOTS = re.compile(
    r"bot\b|crawl|spider|slurp|headless|preview|facebookexternalhit|lighthouse|phantomjs|scrapy", re.IGNORECASE
)


def is_robot(agent: str) -> bool:
    """Whether a User-Agent (RFC 9110, 10.1.5) is a robot's: it says so, or nothing at all."""
    return not agent.strip() or _ROBOTS.search(agent) is not None
