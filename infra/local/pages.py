"""The few pages of the embedded stack itself: the mailbox and the list of addresses. No script, no dependency."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from infra.local import sign_ins
from infra.local.dns import Entry

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
h1 {{ font-size: 1.4rem }} article {{ border-top: 1px solid #ddd; padding: .8rem 0 }}
p {{ margin: .2rem 0; white-space: pre-wrap; overflow-wrap: anywhere }} small {{ color: #666 }} a {{ color: #0645ad }}
button {{ font: inherit; padding: .6rem 1rem }} iframe {{ width: 100%; height: 24rem; border: 1px solid #ddd }}
</style></head><body><h1>{title}</h1>
{body}
</body></html>
"""


_PLACE = """<p><a href="{at}">{at}</a><br><small>{what}</small></p>
<form method="post" action="{sign_in}">
<button name="place" value="{place}">Go there, signed in as {whom}</button></form>
"""
_PLACES = (
    (sign_ins.SHOP, "The storefront of the demo brand", "a neighbour"),
    (sign_ins.LEADER, "The page of a pickup point's leader, for a phone", "the leader"),
    (sign_ins.CONSOLE, "The console of the brand's team", "the owner"),
)


def mailbox(messages: Sequence[dict[str, str]], to: str) -> str:
    """The messages sent on this machine, newest first."""
    title = f"Messages to {to}" if to else "Messages sent on this machine"
    if not messages:
        body = "<p>Nothing here yet. Sign-in codes and notices appear on this page instead of being sent.</p>"
    else:
        body = "\n".join(_message(message) for message in messages)
    return _PAGE.format(title=escape(title), body=body)


def _message(message: dict[str, str]) -> str:
    subject = f"<p><strong>{escape(message['subject'])}</strong></p>" if message["subject"] else ""
    head = f"<small>{escape(message['at'])} · {escape(message['channel'])} to {escape(message['to'])}</small>"
    return f"<article>{head}{subject}<p>{escape(message['text'])}</p>{_as_html(message.get('html', ''))}</article>"


def _as_html(part: str) -> str:
    """The HTML part as a mail program shows it: in a frame that runs nothing and is of no origin."""
    if not part:
        return ""
    return f'<details><summary>HTML</summary><iframe sandbox srcdoc="{escape(part)}"></iframe></details>'


def start(links: Sequence[tuple[str, str]], ways_in: sign_ins.SignIns, sign_in: str) -> str:
    """What is to be found where on this machine; first the places of the demo, where there is one."""
    rows = "\n".join(f'<p><a href="{escape(path)}">{escape(path)}</a><br><small>{escape(what)}</small></p>'
                     for path, what in links)  # fmt: skip
    first = "".join(
        _PLACE.format(at=escape(at), what=what, sign_in=escape(sign_in), place=place, whom=whom)
        for place, what, whom in _PLACES
        if (at := ways_in.at(place))
    )
    return _PAGE.format(title="Lintuan on this machine", body=first + rows)


_RECORD = """<article><form method="post" action="/local/dns">
<input type="hidden" name="name" value="{name}"><input type="hidden" name="kind" value="{kind}">
<input type="hidden" name="value" value="{value}">
<p><strong>{kind}</strong> {name}</p><p>{value}</p>
<button name="delete" value="yes">Delete</button></form></article>"""
_ADD = """<h2>Set a record</h2><form method="post" action="/local/dns">
<p><label>Kind <select name="kind"><option>TXT</option><option>CNAME</option><option>A</option></select></label></p>
<p><label>Name <input name="name" size="60" required></label></p>
<p><label>Value <input name="value" size="60" required></label></p>
<button>Set it</button></form>"""


def records(entries: Sequence[Entry]) -> str:
    """The DNS of this machine, in place of the page of a company that rents out domains."""
    said = (
        "<p>This is the DNS of this machine alone: it plays the company where a brand has bought its domain. Nothing "
        "here is on the internet. A name that ends in .localhost, such as shop.green.localhost, can be opened in a "
        "browser of this machine.</p>"
    )
    rows = "\n".join(
        _RECORD.format(name=escape(each.name), kind=escape(each.kind), value=escape(each.value)) for each in entries
    )
    return _PAGE.format(title="The DNS of this machine", body=f"{said}\n{rows or '<p>No records yet.</p>'}\n{_ADD}")
