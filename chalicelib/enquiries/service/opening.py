"""A member asks. From its first moment an enquiry has an owner and a due time; who answers is decided just after."""

from datetime import datetime

from chalicelib.cases.model.clocks import Priority, Run
from chalicelib.cases.model.routing import FIRST, Wanted
from chalicelib.cases.service.owning import assign
from chalicelib.catalog.service.products import get_shown
from chalicelib.db import Refused, Transaction
from chalicelib.enquiries.errors import TooManyEnquiries, TooManyOpen
from chalicelib.enquiries.model.conversation import MOST_OPEN, Said, Status, Topic
from chalicelib.enquiries.model.words import locale_of
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.enquiries.service.timing import by_now
from chalicelib.kernel.errors import IdempotencyMismatch, Invalid, NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_own_order
from chalicelib.rate_limits.model import Budget
from chalicelib.rate_limits.service import spend, spent_of


def open_enquiry(
    tenant_id: str,
    member_id: str,
    text: str,
    key: str,
    now: datetime,
    *,
    topic: Topic | None = None,
    order_id: str | None = None,
    product_id: str | None = None,
) -> EnquiryRecord:
    """A member's question; under one ``key`` there is one, however often it is sent.

    Raises Invalid for an order that is not the member's or a product that the shop does not show, TooManyOpen for more
    than 20 open at once, TooManyEnquiries for more than 30 a day, IdempotencyMismatch for another one under the key.
    """
    enquiry_id = derived_id(tenant_id, "enquiry", member_id, key)
    about = topic or (Topic.ORDER if order_id else Topic.PRODUCT if product_id else Topic.OTHER)
    asked = (text, about.value, order_id, product_id)
    earlier = EnquiryRecord.fetch(*EnquiryRecord.address(tenant_id, enquiry_id), consistent=True)
    if earlier is not None:
        return _same(earlier, asked)
    order = _own_order(tenant_id, member_id, order_id) if order_id else None
    _check_product(tenant_id, product_id)
    _check_open(tenant_id, member_id)
    enquiry = EnquiryRecord(
        *EnquiryRecord.address(tenant_id, enquiry_id),
        id=enquiry_id, status=Status.OPEN.value, topic=about.value, priority_name=Priority.P3.value,
        owner=assign(tenant_id, enquiry_id, FIRST, now, wanted=wanted(about, order)),
        member_id=member_id, order_id=order_id, product_id=product_id, text=text, locale=locale_of(text),
        opened_at=now, asked_at=now,
    )  # fmt: skip
    by = f"member:{member_id}"
    enquiry.note("asked", now, by, text=text, mark=Said(text, key).mark(by))
    enquiry.keep_run(Run(now))
    by_now(tenant_id).time(enquiry)
    enquiry.emit("enquiry.opened", now, enquiry_id=enquiry_id)
    return _create(enquiry, asked, now)


def _create(enquiry: EnquiryRecord, asked: tuple[str, str, str | None, str | None], now: datetime) -> EnquiryRecord:
    budgets = [Budget.of("enquiries_a_member", enquiry.tenant_id, enquiry.member_id)]
    tx = Transaction()
    tx.create("enquiry", enquiry)
    spend(tx, budgets, now)
    try:
        tx.commit()
    except Refused as refused:
        if (earlier := refused.item("enquiry", EnquiryRecord)) is not None:
            return _same(earlier, asked)
        spent = spent_of(refused, budgets, now)
        if spent is None:
            raise
        raise TooManyEnquiries(
            "You have asked very often today; write in an enquiry that you have, or ask again tomorrow.",
            detail_zh="您今天咨询的次数过多，请在已有的咨询中继续留言，或明天再咨询。",
            retry_after=spent.retry_after,
        ) from refused
    return enquiry


def _same(earlier: EnquiryRecord, asked: tuple[str, str, str | None, str | None]) -> EnquiryRecord:
    if (earlier.text, earlier.topic_asked, earlier.order_id, earlier.product_id) != asked:
        raise IdempotencyMismatch(
            "You have sent this question already, in other words; open the page anew for another one.",
            detail_zh="这条咨询已经提交过，内容有所不同；如需另外咨询，请重新打开页面。",
        )
    return earlier


def wanted(topic: Topic, order: OrderRecord | None) -> Wanted:
    """What an enquiry asks of its owner."""
    return Wanted((topic.value,), order.pickup_point_id if order else None)


def _own_order(tenant_id: str, member_id: str, order_id: str) -> OrderRecord:
    try:
        return get_own_order(tenant_id, member_id, order_id)
    except NotFound as unknown:
        raise Invalid.at("/order_id", "You have no such order.", "您没有该订单。") from unknown


def _check_product(tenant_id: str, product_id: str | None) -> None:
    if product_id is None:
        return
    try:
        get_shown(tenant_id, [product_id])
    except NotFound as unknown:
        raise Invalid.at("/product_id", "The shop has no such product.", "店铺没有该商品。") from unknown


def _check_open(tenant_id: str, member_id: str) -> None:
    partition = EnquiryRecord.of_member(tenant_id, member_id)
    found = EnquiryRecord.page(partition, index="gsi2", begins_with="open#", limit=MOST_OPEN)
    if len(found.items) >= MOST_OPEN:
        raise TooManyOpen(
            f"You have {MOST_OPEN} open enquiries; write in one of them, or close what is done with.",
            detail_zh=f"您有 {MOST_OPEN} 条未关闭的咨询，请在其中继续留言，或先关闭已解决的咨询。",
        )
