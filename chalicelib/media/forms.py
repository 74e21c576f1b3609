"""What the API takes of files."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.web import Body


class UploadForm(Body):
    """A picture about to be uploaded: JPEG, PNG or WebP, its exact size in bytes, 8 MB at most."""

    content_type: Annotated[str, StringConstraints(max_length=100)] = Field(examples=["image/jpeg"])
    size: int = Field(ge=0, le=2**53)
