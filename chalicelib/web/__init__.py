"""The HTTP edge: typed routes, principals, problem documents, the API document."""

from chalicelib.kernel.principal import ROLES, Principal
from chalicelib.web.amounts import CostField, PriceField
from chalicelib.web.answers import Answer, Html, Paged, Svg
from chalicelib.web.call import Call
from chalicelib.web.fields import (
    Body,
    CommaList,
    CurrencyCode,
    EmailText,
    Instant,
    LocalDate,
    LocaleTag,
    LongText,
    MoneyField,
    PhoneText,
    Quantity,
    Query,
    ShortText,
    Slug,
    Title,
    UlidStr,
    Url,
    View,
    ZoneName,
)
from chalicelib.web.principal import Allow, anyone, member, signed_in, staff, staff_or_member
from chalicelib.web.router import Router
from chalicelib.web.tables import XLSX, Csv, File, csv_file, workbook

__all__ = [
    "ROLES",
    "XLSX",
    "Allow",
    "Answer",
    "Body",
    "Call",
    "CommaList",
    "CostField",
    "Csv",
    "CurrencyCode",
    "EmailText",
    "File",
    "Html",
    "Instant",
    "LocalDate",
    "LocaleTag",
    "LongText",
    "MoneyField",
    "Paged",
    "PhoneText",
    "PriceField",
    "Principal",
    "Quantity",
    "Query",
    "Router",
    "ShortText",
    "Slug",
    "Svg",
    "Title",
    "UlidStr",
    "Url",
    "View",
    "ZoneName",
    "anyone",
    "csv_file",
    "member",
    "signed_in",
    "staff",
    "staff_or_member",
    "workbook",
]
