"""What owners are told of their domain. Pure."""

from dataclasses import dataclass

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency
from chalicelib.own_domains.model.states import Problem

_OWNERS = frozenset({"owner"})

TO_DO: dict[Problem, InWords] = {
    "no_proof": InWords(
        "the record that proves the domain is yours is gone; set it again at your domain's provider",
        "证明域名归属的 TXT 记录已不存在，请在域名服务商处重新添加",
    ),
    "wrong_proof": InWords(
        "the record that proves the domain is yours says something else; set it as we show it",
        "证明域名归属的 TXT 记录内容不符，请按页面所示修改",
    ),
    "not_pointed": InWords(
        "it no longer leads to us; set the CNAME record again as we show it",
        "域名已不再指向我们，请按页面所示重新设置 CNAME 记录",
    ),
    "no_certificate": InWords(
        "no authority issued a certificate for it; look whether a CAA record forbids it, then check again",
        "证书未能签发，请检查是否有 CAA 记录限制，然后重新检测",
    ),
}
"""What to put right, in a sentence that goes on."""


@dataclass(frozen=True, slots=True)
class DomainLive(Notice):
    """Neighbours reach the shop at the brand's own domain."""

    template = "domain_live"
    telling = Telling(Category.ORDER, Urgency.KNOW, "team", _OWNERS, "own domain")
    texts = {
        "en": (
            "Your shop is at {host}",
            (
                "{brand}: your shop is open at https://{host}, and links and messages name it from now on. The old "
                "address goes on working. Leave the two records at your domain's provider as they are."
            ),
        ),
        "zh": (
            "您的店铺已启用域名 {host}",
            (
                "{brand}：店铺已可通过 https://{host} 访问，今后的链接和通知都会使用该域名，原地址继续有效。"
                "请保留域名服务商处的两条记录。"
            ),
        ),
    }
    brand: str
    host: str


@dataclass(frozen=True, slots=True)
class DomainBroken(Notice):
    """The domain cannot be used as it stands."""

    template = "domain_broken"
    telling = Telling(Category.ORDER, Urgency.ACT, "team", _OWNERS, "own domain")
    texts = {
        "en": (
            "Your domain {host} needs you",
            (
                "{brand}: something is wrong with {host}, please put it right: {to_do}. Until then links and messages "
                "name your shop's first address, which goes on working."
            ),
        ),
        "zh": (
            "域名 {host} 需要处理",
            "{brand}：{host} 有问题，请处理：{to_do}。在此之前，链接和通知将使用店铺的原地址，原地址一直有效。",
        ),
    }
    brand: str
    host: str
    to_do: InWords


@dataclass(frozen=True, slots=True)
class DomainTaken(Notice):
    """Somebody else has proved that the domain is theirs."""

    template = "domain_taken"
    telling = Telling(Category.ORDER, Urgency.ACT, "team", _OWNERS, "own domain")
    texts = {
        "en": (
            "{host} leads to another shop now",
            (
                "{brand}: another shop has proved with the records of {host} that the domain is theirs, and yours no "
                "longer stands there. If that is not right, please look who can change your domain's records, set "
                "ours again and check it. Your shop's first address goes on working."
            ),
        ),
        "zh": (
            "{host} 已指向其他店铺",
            (
                "{brand}：其他店铺已通过 {host} 的 DNS 记录证明该域名归其所有，您的记录已不存在。如有异议，"
                "请核查谁能修改该域名的记录，重新添加我们的记录并检测。店铺原地址一直有效。"
            ),
        ),
    }
    brand: str
    host: str
