"""What the pages of pasted lists take at a leader's pickup point."""

from chalicelib.pages.chat_lists.forms import ChosenForm, PastedForm
from chalicelib.web import UlidStr


class LedPastedForm(PastedForm):
    """The list of a chat group whose members collect at this pickup point."""

    pickup_point_id: UlidStr


class LedChosenForm(ChosenForm):
    """The entries as they were looked at, to be collected at this pickup point."""

    pickup_point_id: UlidStr
