"""What the pages of signing in to the console take."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.pages.shell.onward import Onward


class TeamAddress(Onward):
    """Which brand's team, and the e-mail address that the code goes to."""

    shop: Annotated[str, StringConstraints(max_length=200)] = ""
    email: Annotated[str, StringConstraints(max_length=254)] = ""

    def named(self) -> dict[str, str]:
        """As the API asks it. Raises Invalid for a field that is empty."""
        slug = self.shop.rstrip("/").rpartition("/")[2].lower()  # also the whole address of the shop
        if not slug:
            raise Invalid.at("/shop", "Type the address of your shop.", "请填写店铺地址。")
        if not self.email:
            raise Invalid.at("/email", "Type your e-mail address.", "请填写邮箱。")
        return {"audience": "staff", "tenant": slug, "email": self.email}


class TeamCode(TeamAddress):
    """The code, as it was typed, and the handle that it was asked for under."""

    code: Annotated[str, StringConstraints(max_length=40)] = ""
    handle: Annotated[str, StringConstraints(max_length=100)] = ""
