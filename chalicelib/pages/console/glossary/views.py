"""The glossary in the order in which its reader looks a word up."""

from collections.abc import Mapping

from chalicelib.kernel.folding import fold
from chalicelib.kernel.language import Language
from chalicelib.pages.console.terms import Term
from chalicelib.pages.shell.words import said


def by_name(terms: Mapping[str, Term], language: Language) -> list[tuple[str, Term]]:
    """The terms with their keys, by their names as the page says them: English by the alphabet, Chinese by pinyin."""

    def place(keyed: tuple[str, Term]) -> bytes:
        name = fold(said(keyed[1].name))
        # GB 2312 has the usual characters in the order of their pinyin.
        return name.encode("gb18030") if language == "zh" else name.encode()

    return sorted(terms.items(), key=place)
