"""Words of recruitment, by the API's names. Pure."""

from collections.abc import Mapping

from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

JOINING: Mapping[str, str] = {
    "open": N_("Whoever signs in"),
    "code": N_("Only with an invite code"),
    "application": N_("Only after your team has approved them"),
}
"""How a store is joined."""

CODE: Mapping[str, State] = {
    "active": State(N_("Lets people in"), "good"),
    "used_up": State(N_("Used up"), ""),
    "expired": State(N_("Over"), ""),
    "revoked": State(N_("Revoked"), "bad"),
}

APPLICATION: Mapping[str, State] = {
    "pending": State(N_("To be decided"), "warn"),
    "approved": State(N_("Accepted"), "good", N_("They have been told, and join by signing in.")),
    "declined": State(N_("Not accepted"), "bad", N_("They have been told why. You can still approve it.")),
    "joined": State(N_("A member now"), "good"),
}

PROSPECT: Mapping[str, State] = {
    "waiting": State(N_("About to be sent"), "warn", N_("The message leaves outside your quiet hours.")),
    "told": State(N_("Told"), "good", N_("They join by the link that they were sent, from this address alone.")),
    "joined": State(N_("A member now"), "good"),
    "expired": State(N_("Over"), "", N_("Nobody joined by it in time. You can invite them again.")),
    "withdrawn": State(N_("Withdrawn"), "", N_("Its link lets nobody in. You can invite them again.")),
    "declined": State(N_("Wants none"), "bad", N_("They asked for no more invitations, and get none.")),
    "unreachable": State(N_("Not reached"), "bad", N_("The address takes no mail.")),
}
"""What became of a personal invitation."""

OUTCOME: Mapping[str, str] = {
    "invited_before": N_("has an invitation already"),
    "member": N_("is a member already"),
    "declined": N_("wants no invitations"),
    "unreachable": N_("the address takes no mail"),
    "repeated": N_("stood in the list before"),
}
"""Why somebody was not invited."""
