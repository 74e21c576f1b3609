"""The currencies that an order can be in: their minor digits, their signs, and what cash there is of them. Pure data.

Source of codes and digits: ISO 4217, list one, as amended to January 2026. Left out is what nobody pays an order in:
funds and units of account (BOV, CHE, CHW, CLF, COU, MXV, USN, UYI, UYW, XDR, XSU, XUA), metals, bond units and codes
for tests; so no currency here has four digits. MGA and MRU, whose coins are fifths, have two digits as ISO lists them.
"""

from collections.abc import Mapping

from chalicelib.kernel.language import Language

_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_TWO_DIGITS = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK
DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD
KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP
PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""

CURRENCIES: Mapping[str, int] = dict(
    sorted(
        (code, digits)
        for digits, codes in ((0, _NO_DIGITS), (2, _TWO_DIGITS), (3, _THREE_DIGITS))
        for code in codes.split()
    )
)
"""Currencies taken, with the number of their minor digits."""

CASH_UNITS: Mapping[str, int] = {
    "AUD": 5, "BHD": 5, "CAD": 5, "CHF": 5, "CLP": 10, "CZK": 100, "DKK": 50, "HKD": 10, "HUF": 500, "ILS": 10,
    "KRW": 10, "KWD": 5, "MYR": 5, "NOK": 100, "NZD": 10, "SEK": 100, "SGD": 5, "THB": 25, "TWD": 100, "ZAR": 10,
}  # fmt: skip
"""The smallest coin in minor units, where that is not one of them.

Source: each central bank's list of coins in use; CLDR (supplemental data, currency fractions) agrees where it has them.
"""


def cash_unit(currency: str) -> int:
    """The smallest amount that can be paid in coins, in minor units."""
    return CASH_UNITS.get(currency, 1)


_SIGNS: Mapping[str, tuple[str, str]] = {
    "AUD": ("A$", "AU$"), "BRL": ("R$", "R$"), "CAD": ("CA$", "CA$"), "CNY": ("CN¥", "¥"), "EUR": ("€", "€"),
    "GBP": ("£", "£"), "HKD": ("HK$", "HK$"), "ILS": ("₪", "₪"), "INR": ("₹", "₹"), "JPY": ("¥", "JP¥"),
    "KRW": ("₩", "￦"), "MXN": ("MX$", "MX$"), "NZD": ("NZ$", "NZ$"), "PHP": ("₱", "₱"), "TWD": ("NT$", "NT$"),
    "USD": ("$", "US$"), "VND": ("₫", "₫"), "XCD": ("EC$", "EC$"),
}  # fmt: skip
"""The signs by which readers of English, and of Chinese, know a currency (source: CLDR, locales ``en`` and ``zh``)."""


def sign(currency: str, language: Language) -> str:
    """What stands before an amount: the currency's sign, or its code and a blank."""
    known = _SIGNS.get(currency)
    return known[language == "zh"] if known else f"{currency} "


_UNITS_OF_A_DOLLAR: Mapping[int, str] = {
    -1: "KWD",
    1: "AED BOB BRL BWP CNY CUP CZK DKK ERN GHS GTQ HKD HNL ILS LSL LYD MAD MDL MOP MVR MXN MYR NAD NOK PEN PGK PLN "
       "QAR RON SAR SBD SCR SEK SLE STN SVC SZL TJS TMT TTD TWD ZAR ZMW ZWG",
    2: "AFN ALL BDT BTN CVE DJF DOP DZD EGP ETB GMD GYD HTG INR ISK JMD JPY KES KGS LKR LRD MKD MRU MUR MZN NIO NPR "
       "PHP PKR RSD RUB SRD THB TRY UAH UYU VED VES VUV XPF YER",
    3: "AMD AOA ARS BIF CDF CLP CRC HUF IQD KMF KPW KRW KZT MMK MWK NGN RWF SDG SOS TZS XAF XOF",
    4: "COP GNF IDR KHR LAK MGA MNT PYG SSP SYP UGX UZS VND",
    5: "IRR LBP",
}  # fmt: skip
"""By power of ten: the currencies of which about so many units were one US dollar in 2025; of the others, one is.

No rate: only so much as is needed to tell a little money from much before a brand has orders of its own to go by.
"""
_POWERS = {code: power for power, codes in _UNITS_OF_A_DOLLAR.items() for code in codes.split()}

_WORTH = {"CNY": (5_000, 20_000), "HKD": (5_000, 20_000), "TWD": (20_000, 80_000)}


def worth(currency: str) -> tuple[int, int]:
    """From which amounts in minor units an order is worth some, and much, where nothing is known of a brand's own:
    ¥50.00 and ¥200.00, €10.00 and €50.00, or as much in another currency, to the nearest power of ten.
    """
    if currency in _WORTH:
        return _WORTH[currency]
    power = CURRENCIES[currency] + _POWERS.get(currency, 0)
    return 10 * 10**power, 50 * 10**power
