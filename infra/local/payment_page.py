"""How the test provider's page looks: what is to be paid, the buttons, what has become of it; zh or en, no script."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Shown:
    """What the page shows of a payment; ``state`` is ``pending``, ``succeeded``, ``failed`` or ``closed``."""

    amount: str
    order_id: str
    state: str
    given_back: str = ""
    return_url: str = ""


_WORDS = {
    "en": {
        "title": "Test payment",
        "order": "Order",
        "pay": "Pay",
        "fail": "Decline",
        "pay_silently": "Pay, and lose the message to the shop",
        "hint": "The shop then finds out by asking, within ten minutes.",
        "note": "No money moves: this page stands for a bank, on this machine only.",
        "pending": "Waiting for you",
        "succeeded": "Paid",
        "failed": "Declined",
        "closed": "Closed by the shop",
        "after_succeeded": "The payment has succeeded. You may go back to the shop.",
        "after_failed": "The payment has failed. Go back to the shop to try again.",
        "after_closed": "The shop has closed this payment. Nothing was paid.",
        "given_back": "Given back",
        "back": "Back to the shop",
        "other": "中文",
    },
    "zh": {
        "title": "测试支付",
        "order": "订单",
        "pay": "支付",
        "fail": "拒绝支付",
        "pay_silently": "支付，但不通知商家",
        "hint": "商家会在十分钟内主动查询到结果。",
        "note": "本页仅在这台机器上模拟银行，不会发生真实扣款。",
        "pending": "等待支付",
        "succeeded": "支付成功",
        "failed": "支付失败",
        "closed": "商家已关闭",
        "after_succeeded": "支付已完成，请返回店铺。",
        "after_failed": "支付未成功，请返回店铺重试。",
        "after_closed": "商家已关闭本次支付，未扣款。",
        "given_back": "已退款",
        "back": "返回店铺",
        "other": "English",
    },
}
_BUTTONS = ("pay", "fail", "pay_silently")

_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light }}
* {{ box-sizing: border-box }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: #f2f4f3;
  color: #1d2421; font: 16px/1.5 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif }}
main {{ width: 100%; max-width: 24rem; background: #fff; border-radius: 1rem; padding: 1.5rem;
  box-shadow: 0 1px 3px #0002, 0 8px 24px #0001 }}
header {{ display: flex; justify-content: space-between; align-items: baseline; gap: 1rem }}
h1 {{ font-size: 1rem; margin: 0; font-weight: 600 }} header a {{ color: #4a6b5d }}
.amount {{ font-size: 2.5rem; font-weight: 700; text-align: center; margin: 1.5rem 0 .25rem;
  font-variant-numeric: tabular-nums }}
.state {{ text-align: center; margin: 0 0 1.25rem }}
.state b {{ display: inline-block; line-height: 1.4;
  padding: .2rem .8rem; border-radius: 1rem; font-size: .9rem; font-weight: 600; background: #eef1ef }}
.succeeded b {{ background: #dff3e6; color: #14632f }} .failed b, .closed b {{ background: #fbe6e3; color: #97241a }}
dl {{ display: grid; grid-template-columns: auto 1fr; gap: .3rem 1rem; margin: 0 0 1.25rem; font-size: .9rem;
  border-top: 1px solid #e6eae8; padding-top: 1rem }}
dt {{ color: #5e6a65 }} dd {{ margin: 0; font-size: .8rem; align-self: center; text-align: right;
  overflow-wrap: anywhere }}
form {{ display: grid; gap: .75rem }}
button {{ font: inherit; font-weight: 600; width: 100%; min-height: 3rem; border-radius: .75rem; cursor: pointer;
  border: 1px solid #c9d1cd; background: #fff; color: #1d2421 }}
button:focus-visible {{ outline: 3px solid #6fbf92; outline-offset: 2px }}
.pay {{ background: #14733a; border-color: #14733a; color: #fff }} .fail {{ color: #97241a }}
.pay_silently {{ font-weight: 400 }}
.back {{ display: grid; place-items: center; min-height: 3rem; margin-top: .75rem; border-radius: .75rem;
  border: 1px solid #c9d1cd; color: #1d2421; font-weight: 600; text-decoration: none }}
small {{ display: block; color: #5e6a65; text-align: center; margin-top: .75rem }}
</style></head><body><main>
<header><h1>{title}</h1><a href="?lang={other_language}" lang="{other_language}">{other}</a></header>
<p class="amount">{amount}</p>
<p class="state {state}"><b>{state_word}</b></p>
<dl><dt>{order}</dt><dd>{order_id}</dd>{more}</dl>
{rest}
{back}
<small>{note}</small>
</main></body></html>
"""


def page(shown: Shown, language: str) -> str:
    """The page in ``zh`` or ``en``."""
    words = _WORDS[language]
    more = f"<dt>{words['given_back']}</dt><dd>{escape(shown.given_back)}</dd>" if shown.given_back else ""
    return _PAGE.format(
        language=language,
        other_language="en" if language == "zh" else "zh",
        amount=escape(shown.amount),
        state=escape(shown.state),
        state_word=words[shown.state],
        order_id=escape(shown.order_id),
        more=more,
        back=_back(shown, words),
        rest=_buttons(words) if shown.state == "pending" else f"<p>{words[f'after_{shown.state}']}</p>",
        **{name: words[name] for name in ("title", "order", "note", "other")},
    )


def _back(shown: Shown, words: dict[str, str]) -> str:
    if not shown.return_url:
        return ""
    return f'<a class="back" href="{escape(shown.return_url)}">{words["back"]}</a>'


def _buttons(words: dict[str, str]) -> str:
    rows = "\n".join(
        f'<button class="{name}" name="press" value="{name}">{escape(words[name])}</button>' for name in _BUTTONS
    )
    return f'<form method="post">\n{rows}\n</form>\n<small>{escape(words["hint"])}</small>'
