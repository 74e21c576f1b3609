"""Template messages by a brand's official account at WeChat.

Sources: https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html and
https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import urllib3
from botocore.httpsession import get_cert_path

from chalicelib.kernel import clock, strict_json
from chalicelib.kernel.remembering import to_forget
from chalicelib.notices.media.model.official_account import filled
from chalicelib.notices.model.letters import BadAddress, Letter, Sent
from chalicelib.notices.settings.model import AccountTemplate, OfficialAccount
from chalicelib.settings import settings
from chalicelib.telemetry import logger

API = "https://api.weixin.qq.com"
_SEND = "/cgi-bin/message/template/send"
CONNECT_SECONDS, READ_SECONDS = 1.5, 5.0
_MOST_BYTES = 1 << 16
_EARLY = timedelta(minutes=5)
"""A token is asked for again so long before it ends; from then on WeChat gives the next one, and takes both."""

_TOKEN_ENDED = frozenset({40001, 40014, 42001})
_NOBODY = frozenset({40003, 43004, 43019, 43101})
"""No open id of this account, nobody who follows it, or somebody who wants no messages of it."""

_MISTAKEN = frozenset({40013, 40036, 40037, 40125, 40164, 41028, 47003, 48001, 48004, 50002, 61024})
"""The account or the template is not set up as it should be: another try is of no use, another medium may be."""


class NotNow(Exception):
    """WeChat does not answer, or takes no more for a while. Says neither the token nor the secret."""


@dataclass(slots=True)
class _Token:
    value: str = field(repr=False)
    ends_at: datetime


_tokens: dict[tuple[str, str], _Token] = {}
"""The tokens that this process has, by tenant and account; WeChat gives the same one to whoever asks while it lasts."""
to_forget(_tokens.clear)


@dataclass(frozen=True, slots=True)
class AccountSender:
    """Sends by one brand's account."""

    tenant_id: str
    account: OfficialAccount
    secret: str = field(repr=False)

    def __call__(self, to: str, letter: Letter) -> Sent:
        """Sends the notice as the brand's template shows it. Raises BadAddress where it has none, where the reader does
        not follow the account, or where the account is not set up as it should be; NotNow where it may go later.
        """
        template = self.account.templates.get(letter.template)
        if template is None:
            raise BadAddress("no template for this notice")
        message, token = _message(to, letter, template), self._token()
        answer = _post(_SEND, message, access_token=token)
        if _code(answer) in _TOKEN_ENDED:
            answer = _post(_SEND, message, access_token=self._token(ended=token))
        self._judge(_code(answer), letter.template)
        return Sent(str(answer.get("msgid", "")))

    def _token(self, ended: str = "") -> str:
        """The access token that counts. After ``ended`` was refused, the one that WeChat gives now, and should it still
        give that one, another.
        """
        kept = (self.tenant_id, self.account.app_id)
        now, known = clock.now(), _tokens.get(kept)
        if known is None or known.value == ended or known.ends_at - _EARLY <= now:
            known = self._given(now)
            if known.value == ended:
                known = self._given(now, force=True)
            _tokens[kept] = known
        return known.value

    def _given(self, now: datetime, *, force: bool = False) -> _Token:
        asked = {
            "grant_type": "client_credential", "appid": self.account.app_id, "secret": self.secret,
            "force_refresh": force,
        }  # fmt: skip
        answer = _post("/cgi-bin/stable_token", asked)
        self._judge(_code(answer), "")
        return _read_token(answer, now)

    def _judge(self, code: int, template: str) -> None:
        """Raises what an answer means for who sends."""
        if code == 0:
            return
        if code in _NOBODY:
            raise BadAddress(f"WeChat {code}")
        if code in _MISTAKEN:
            logger.error("official_account_refused", app_id=self.account.app_id, template=template, provider_code=code)
            raise BadAddress(f"WeChat {code}")
        raise NotNow(f"WeChat {code}")


def forget() -> None:
    """Drops the tokens."""
    _tokens.clear()


def _message(to: str, letter: Letter, template: AccountTemplate) -> dict[str, Any]:
    message: dict[str, Any] = {
        "touser": to, "template_id": template.template_id, "data": filled(template.data, letter.facts),
    }  # fmt: skip
    link = letter.facts.get(template.link, "") if template.link else letter.page
    if link.startswith(("https://", "http://")):
        message["url"] = link
    if letter.message_id:
        message["client_msg_id"] = (
            letter.message_id
        )  # WeChat sends one message for it in ten minutes, however often asked
    return message


def _read_token(answer: Mapping[str, Any], now: datetime) -> _Token:
    value, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(value, str) or not value or not isinstance(seconds, int):
        raise NotNow("WeChat gave no token")
    return _Token(value, now + timedelta(seconds=seconds))


def _code(answer: Mapping[str, Any]) -> int:
    code = answer.get("errcode", 0)
    if not isinstance(code, int):
        raise NotNow("WeChat's answer cannot be read")
    return code


def _post(path: str, document: Mapping[str, Any], **query: str) -> dict[str, Any]:
    """Sends a document and reads the answer. Its errors never say what was sent, which holds token and secret."""
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    url = (settings().wechat_api or API) + path + (f"?{asked}" if asked else "")
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        reply = _pool().request(
            "POST", url, body=body, headers={"Content-Type": "application/json"}, redirect=False, preload_content=False
        )
        status, content = reply.status, reply.read(_MOST_BYTES)
        reply.release_conn()
    except urllib3.exceptions.HTTPError as fault:
        raise NotNow(f"WeChat does not answer: {type(fault).__name__}") from None
    return _document(status, content)


def _document(status: int, content: bytes) -> dict[str, Any]:
    if status != 200:
        raise NotNow(f"WeChat answered with status {status}")
    try:
        found = strict_json.read(content)
    except ValueError:
        raise NotNow("WeChat's answer cannot be read") from None
    if not isinstance(found, dict):
        raise NotNow("WeChat's answer cannot be read")
    return found


@lru_cache(maxsize=1)
def _pool() -> urllib3.PoolManager:
    # botocore's certificates: Lambda has no other file of them that is sure to be there.
    return urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        retries=False,
        ca_certs=get_cert_path(True),
    )
