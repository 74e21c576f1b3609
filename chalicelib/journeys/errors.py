"""Why a journey is not what somebody wants it to be."""

from chalicelib.kernel.errors import Conflict, Invalid


class JourneyRefused(Invalid):
    """Its draft lacks something, or asks for what cannot be."""

    code, title, title_zh = "journey_refused", "This journey cannot be published yet", "该旅程尚不能发布"


class NothingToPublish(Conflict):
    """There is no draft: what is published is what there is."""

    code, title, title_zh = "nothing_to_publish", "Nothing has changed since it was published", "发布后没有改动"


class JourneyEnded(Conflict):
    """It has ended for good."""

    code, title, title_zh = "journey_ended", "The journey has ended", "旅程已结束"


class NotPublished(Conflict):
    """It was never published, so there is nothing to pause or resume."""

    code, title, title_zh = "journey_not_published", "The journey was never published", "旅程尚未发布"


class TooManyJourneys(Conflict):
    """As many journeys run as may run at once."""

    code, title, title_zh = "too_many_journeys", "Too many journeys run at once", "同时运行的旅程过多"
