"""What the API takes of a store's accounts at payment providers."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from chalicelib.kernel.errors import InvalidField
from chalicelib.payments.accounts.service import Account
from chalicelib.payments.model import Fees
from chalicelib.payments.providers import wechat_crypto
from chalicelib.web import Body

_PEM_LETTERS = 8000


def _pem(text: Any) -> Any:
    """Keys are pasted from files: line ends of any kind, and ``\\n`` spelled out."""
    return text.replace("\\n", "\n").replace("\r\n", "\n") if isinstance(text, str) else text


def _private_key(pem: str) -> str:
    try:
        wechat_crypto.private_key(pem)
    except ValueError as fault:
        raise InvalidField(
            "paste the whole of apiclient_key.pem: an RSA key of 2048 bits, without a password",
            "请粘贴 apiclient_key.pem 的全部内容：2048 位 RSA 密钥，不带密码",
        ) from fault
    return pem


def _public_key(pem: str) -> str:
    try:
        wechat_crypto.public_key(pem)
    except ValueError as fault:
        raise InvalidField(
            "paste WeChat Pay's public key or platform certificate, in PEM", "请粘贴微信支付公钥或平台证书（PEM 格式）"
        ) from fault
    return pem


_Pem = StringConstraints(min_length=100, max_length=_PEM_LETTERS)


def _key_pattern(pattern: str, most: int = 300) -> StringConstraints:
    return StringConstraints(pattern=pattern, max_length=most)


class _Rates(Body):
    """The rates agreed with the provider, by which its fees are entered in the ledger: basis points of each payment,
    and a fixed amount in minor units of the store's currency.
    """

    enabled: bool = True
    fee_bps: Annotated[int, Field(ge=0, le=5_000)] = 0
    fee_fixed_minor: Annotated[int, Field(ge=0, le=100_000)] = 0

    @property
    def fees(self) -> Fees:
        """The rates, as the model has them."""
        return Fees(self.fee_bps, self.fee_fixed_minor)


class TestSettings(_Rates):
    """The test provider, which takes no money and exists only where the product is tried out."""

    __test__ = False  # no test, though its name begins like one

    def account(self, tenant_id: str) -> Account:
        """The account as the use case takes it."""
        return Account(f"test-{tenant_id}", self.enabled, fees=self.fees)


class StripeSettings(_Rates):
    """A Stripe account; its webhook endpoint is ``/v1/webhooks/stripe/{tenant_id}``."""

    account_id: Annotated[str, _key_pattern(r"^acct_[A-Za-z0-9]+$", 64), Field(examples=["acct_1Store"])]
    publishable_key: Annotated[str, _key_pattern(r"^pk_[A-Za-z0-9_]+$"), Field(examples=["pk_test_51Store"])]
    secret_key: Annotated[
        str, _key_pattern(r"^(sk|rk)_[A-Za-z0-9_]{16,}$"), Field(examples=["rk_test_your_restricted_key"])
    ]
    webhook_secret: Annotated[
        str, _key_pattern(r"^whsec_[A-Za-z0-9+/=_-]{16,}$"), Field(examples=["whsec_your_signing_secret"])
    ]

    def account(self) -> Account:
        """The account as the use case takes it."""
        return Account(
            self.account_id,
            self.enabled,
            {"publishable_key": self.publishable_key},
            {"secret_key": self.secret_key, "webhook_secret": self.webhook_secret},
            self.fees,
        )


class WeChatSettings(_Rates):
    """A WeChat Pay account; notices go to ``/v1/webhooks/wechat/{tenant_id}`` by themselves.

    ``platform_serial`` is the id of WeChat Pay's public key (``PUB_KEY_ID_…``) or the serial number of its platform
    certificate, and ``platform_key`` that key or certificate.
    """

    merchant_id: Annotated[str, _key_pattern(r"^[0-9]{8,16}$", 16), Field(examples=["1900000001"])]
    app_id: Annotated[str, _key_pattern(r"^wx[0-9A-Za-z]{8,30}$", 32), Field(examples=["wxd678efh567hg6787"])]
    serial: Annotated[
        str, _key_pattern(r"^[0-9A-Fa-f]{16,64}$", 64), Field(examples=["5157F09EFDC096DE15EBE81A47057A72"])
    ]
    platform_serial: Annotated[
        str, _key_pattern(r"^[0-9A-Za-z_]{16,80}$", 80), Field(examples=["PUB_KEY_ID_0116000000002026"])
    ]
    platform_key: Annotated[str, _Pem, BeforeValidator(_pem), AfterValidator(_public_key)]
    private_key: Annotated[str, _Pem, BeforeValidator(_pem), AfterValidator(_private_key)]
    api_v3_key: Annotated[
        str,
        _key_pattern(r"^[\x21-\x7e]{32}$", 32),
        Field(description="32 characters", examples=["your-api-v3-key-of-32-characters"]),
    ]
    app_secret: Annotated[str, _key_pattern(r"^[0-9A-Za-z]{32}$", 32)] | None = Field(
        default=None,
        description="The AppSecret of ``app_id``, 32 characters; with it members inside WeChat pay on the shop's pages",
        examples=["0123456789abcdef0123456789abcdef"],
    )

    def account(self) -> Account:
        """The account as the use case takes it."""
        open_part = {name: getattr(self, name) for name in ("app_id", "serial", "platform_serial", "platform_key")}
        secrets = {"private_key": self.private_key, "api_v3_key": self.api_v3_key}
        if self.app_secret:
            secrets["app_secret"] = self.app_secret
        return Account(self.merchant_id, self.enabled, open_part, secrets, self.fees)
