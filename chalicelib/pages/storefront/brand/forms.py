"""What the brand's pages take."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.kernel.language import Language
from chalicelib.legal_texts.model import ASKED, read_in
from chalicelib.tenancy import Brand
from chalicelib.web import Body

Revision = Annotated[int | None, Field(ge=1, le=999_999)]


class AcceptForm(Body):
    """The versions that were shown, and where the member goes on."""

    next: Annotated[str, StringConstraints(max_length=1000)] = ""
    privacy: Revision = None
    terms: Revision = None

    def accepted(self, brand: Brand, language: Language) -> dict[str, Any]:
        """As the API takes them."""
        shown = {kind: revision for kind in ASKED if (revision := getattr(self, kind)) and kind in brand.legal_texts}
        return {
            "accepted": [
                {"kind": kind, "revision": revision, "language": read_in(brand.legal_texts[kind], language)}
                for kind, revision in shown.items()
            ]
        }
