"""What a link in a message is opened with."""

from pydantic import BaseModel, ConfigDict


class Tracked(BaseModel):
    """Whatever mail programs and messengers append to links, such as `utm_source` or `isappinstalled`: nobody who
    wants to leave is turned away by it.
    """

    model_config = ConfigDict(extra="ignore")
