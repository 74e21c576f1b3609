"""Which words a brand may give a notice. Pure."""

from collections.abc import Mapping, Sequence

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.text import marked_up
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.templates.model.variables import variables_of
from chalicelib.notices.templates.model.wording import Wording, Words, markup


class WordsRefused(Invalid):
    """A brand's words name what is not told, lack what their reader cannot do without, or are no plain text."""

    code, title, title_zh = "words_refused", "These words cannot be sent", "这些文字无法发送"


def check_words(notice: type[Notice], words: Words) -> None:
    """Raises WordsRefused with every fault, at which character it stands, and what can be used."""
    variables = variables_of(notice)
    known = [each.name for each in variables]
    may_be_empty = {each.name for each in variables if each.may_be_empty}
    read = {"/subject": Wording.parse(words.subject), "/text": Wording.parse(words.text)}
    errors = [
        FieldError(pointer, fault.message, fault.message_zh)
        for pointer, wording in read.items()
        for fault in wording.check(known, may_be_empty)
    ]
    shown = read["/text"].variables
    errors += [
        FieldError(
            "/text",
            f"Without {{{each.name}}} the message is of no use; it stands for {each.meaning.en}.",
            f"缺少 {{{each.name}}}，消息将失去作用；它表示{each.meaning.zh}。",
        )
        for each in variables
        if each.needed and each.name not in shown
    ]
    _refuse(errors)


def check_plain(texts: Mapping[str, str]) -> None:
    """Checks texts that show no variables, by where they stand. Raises WordsRefused as :func:`check_words`."""
    faults = [(pointer, markup(at + 1, what)) for pointer, text in texts.items() for at, what in marked_up(text)]
    _refuse([FieldError(pointer, fault.message, fault.message_zh) for pointer, fault in faults])


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise WordsRefused(errors[0].message, detail_zh=errors[0].message_zh, errors=tuple(errors))
