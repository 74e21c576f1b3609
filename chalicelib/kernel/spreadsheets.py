"""What a spreadsheet would run as a formula, and how a text is kept from it. Pure."""

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BREAKS = ("\t", "\r", "\n")
_UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u200e\u200f"
_QUOTE = "'"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula (OWASP, *CSV injection*): by its first sign that is seen,
    in full width too, or by a tab or line break before it.
    """
    return text.startswith(_BREAKS) or text.lstrip().lstrip(_UNSEEN).lstrip().startswith(_FORMULA)


def quoted(text: str) -> str:
    """The text as a cell that is never run: what could be a formula begins with an apostrophe."""
    return _QUOTE + text if is_formula(text) else text


def unquoted(text: str) -> str:
    """The text behind a cell that :func:`quoted` wrote; any other text is itself."""
    return text[1:] if text.startswith(_QUOTE) and is_formula(text[1:]) else text
