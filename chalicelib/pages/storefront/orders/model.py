"""How a pickup code is read aloud. Pure."""


def spoken(code: str) -> list[str]:
    """A code in groups as people say numbers: ``BG6 ZXV SZ2B``."""
    return [code[:3], code[3:6], code[6:]]
