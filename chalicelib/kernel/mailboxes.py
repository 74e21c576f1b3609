"""Which e-mail addresses reach the same person."""

_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})
"""Domains of one provider, which delivers to the same mailbox with and without dots, and under both names."""


def mailbox(email: str) -> str:
    """The mailbox behind an e-mail address in lower case: without its tag (``ann+shop@x`` is ``ann@x``; RFC 5233).

    Two people never share one; one person may own several. For counting people only: mail goes to the address as it
    was given.
    """
    local, _, domain = email.lower().rpartition("@")
    person = local.partition("+")[0] or local
    if domain in _WITHOUT_DOTS:
        return f"{person.replace('.', '')}@gmail.com"
    return f"{person}@{domain}"
