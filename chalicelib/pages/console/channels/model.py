"""The kinds of channels in words. Pure."""

from collections.abc import Mapping

from chalicelib.channels.model import ChannelKind
from chalicelib.pages.shell.words import N_

KINDS: Mapping[ChannelKind, str] = {
    "chat_group": N_("Chat group"),
    "moments": N_("Moments"),
    "official_account": N_("Official account"),
    "short_video": N_("Short video"),
    "microblog": N_("Microblog"),
    "notice_board": N_("Notice board"),
    "shop": N_("Shop counter"),
    "other": N_("Another channel"),
}
