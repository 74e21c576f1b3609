"""Leaderboards and awards over HTTP."""

import json
from datetime import date
from typing import Any

from chalicelib.boards.forms import AwardEdit, AwardForm, BoardQuery, BoardTableQuery
from chalicelib.boards.model.boards import Board, By, NoSuchPeriod
from chalicelib.boards.records import AwardRecord
from chalicelib.boards.service import awards, boards, showing
from chalicelib.boards.service.awards import AwardEnded
from chalicelib.boards.views import (
    AwardView,
    BoardView,
    FullResultView,
    ResultView,
    StoreBoardView,
    StoreResultView,
    board_table,
)
from chalicelib.kernel.cursor import BadCursor, decode, encode
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.media.service.downloads import hand_out
from chalicelib.members.service.members import get_member
from chalicelib.settings import secret
from chalicelib.tenancy import brand_of
from chalicelib.web import Answer, Call, Csv, File, Paged, Router, member, staff

routes = Router(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_MOST_ROWS = 1_000
"""Of a board as a table: nobody reads out more, and each is a member who is read."""

_MOST_NAMED = 10
"""Winners of an award whom a list of results names."""


class UnknownBoard(NotFound):
    """There is no board by what was asked for."""

    code, title, title_zh = "unknown_board", "There is no such leaderboard", "没有该排行榜"


@routes.get(
    "/v1/leaderboards/{name}", allow=_LOOKS, query=BoardTableQuery, answer=BoardView, csv=True, xlsx=True,
    tag="members", errors=(BadCursor, NoSuchPeriod, UnknownBoard), summary="Read a leaderboard",
)  # fmt: skip
def read_leaderboard(call: Call[None]) -> BoardView | Csv | File | Answer:
    """The name is `spend` (what the goods come to that were ordered and kept, after discounts and without delivery,
    paid for yet or not), `quantity`, `orders`, `points` (earned, less what was taken back), `referrals` or `activity`
    (days with an order, an answer or a check-in). What is refunded later counts no more on the day of the order. The
    table has the first 1,000 rows, to be passed on: its names are those that other members read, by consent
    (`leaderboards`), else the first character alone."""
    if call.wants_table:
        board = _board(call)
        shown = showing.page_of(call.tenant_id, board, None, _MOST_ROWS, call.now)
        header, rows = board_table(shown, brand_of(call.tenant_id).currency, contacts=call.principal.sees_contacts)
        return hand_out(call, Csv(f"leaderboard-{board.by}-{board.period.name}.csv", header, rows))
    board, shown = _looked_at(call, None)
    return BoardView.of(shown, brand_of(call.tenant_id).currency, _following(call, board, shown))


@routes.get(
    "/v1/stores/{slug}/leaderboards/{name}", allow=member(), query=BoardQuery, answer=StoreBoardView, tag="storefront",
    errors=(BadCursor, NoSuchPeriod, UnknownBoard), summary="Read a leaderboard with my own place",
)  # fmt: skip
def read_store_leaderboard(call: Call[None]) -> StoreBoardView:
    """Others are named where they agree to it (the consent `leaderboards`), else by the first character alone."""
    board, shown = _looked_at(call, call.member_id)
    return StoreBoardView.of(shown, brand_of(call.tenant_id).currency, _following(call, board, shown))


def _board(call: Call[None]) -> Board:
    query: BoardQuery = call.query
    if call.path["name"] not in {each.value for each in By}:
        named = ", ".join(each.value for each in By)
        raise UnknownBoard(
            f"There is no leaderboard by '{call.path['name'][:20]}'; there are those by {named}.",
            detail_zh=f"没有“{call.path['name'][:20]}”排行榜；可选：{named}。",
        )
    return boards.board_named(
        call.tenant_id, By(call.path["name"]), query.period, query.campaign_id, query.pickup_point_id, call.now
    )


def _looked_at(call: Call[None], member_id: str | None) -> tuple[Board, showing.Shown]:
    query: BoardQuery = call.query
    board = _board(call)
    after = None
    if query.cursor:
        value, ordinal = decode(query.cursor, _binding(call.tenant_id, board), secret("cursors"))["after"]
        after = value, ordinal
    return board, showing.page_of(call.tenant_id, board, after, query.limit, call.now, member_id)


def _following(call: Call[None], board: Board, shown: showing.Shown) -> str | None:
    """The sealed cursor of the next page: of this board, whoever looks at it."""
    if shown.after is None:
        return None
    return encode({"after": list(shown.after)}, _binding(call.tenant_id, board), secret("cursors"))


def _binding(tenant_id: str, board: Board) -> str:
    return json.dumps([tenant_id, "leaderboard", board.name])


@routes.post(
    "/v1/awards", allow=_PLANS, body=AwardForm, answer=AwardView, status=201, tag="members",
    summary="Make an award for those who lead a board",
)  # fmt: skip
def create_award(call: Call[AwardForm]) -> Answer:
    """The running week or month is the first that it is decided for."""
    return _award(awards.create_award(call.tenant_id, call.body.award(), call.principal, call.now))


@routes.get(
    "/v1/awards", allow=_LOOKS, answer=AwardView, paged=True, tag="members", summary="List awards, newest first"
)
def list_awards(call: Call[None]) -> Paged:
    page, currency = awards.list_awards(call.tenant_id, call.limit, call.cursor), brand_of(call.tenant_id).currency
    return Paged([AwardView.of(each, currency) for each in page.items], page.last_key)


@routes.get(
    "/v1/awards/{id}", allow=_LOOKS, answer=AwardView, tag="members", errors=(NotFound,), summary="Read an award"
)
def read_award(call: Call[None]) -> Answer:
    return _award(awards.get_award(call.tenant_id, call.path["id"], consistent=True))


@routes.patch(
    "/v1/awards/{id}", allow=_PLANS, body=AwardEdit, answer=AwardView, tag="members",
    errors=(AwardEnded, NotFound, Stale), summary="Change an award",
)  # fmt: skip
def edit_award(call: Call[AwardEdit]) -> Answer:
    """It holds from the next decision on. What was decided stays."""
    changes = call.body.changes()
    return _award(awards.edit_award(call.tenant_id, call.path["id"], changes, call.if_match, call.principal, call.now))


@routes.post(
    "/v1/awards/{id}/end",
    allow=_PLANS,
    answer=AwardView,
    tag="members",
    errors=(NotFound, Stale),
    summary="End an award",
)
def end_award(call: Call[None]) -> Answer:
    """It is decided no more, also not for the running period. Winners keep what they have won."""
    return _award(awards.end_award(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


@routes.get(
    "/v1/awards/{id}/results", allow=_LOOKS, answer=ResultView, paged=True, tag="members", errors=(NotFound,),
    summary="List what an award was decided for, the latest first",
)  # fmt: skip
def list_award_results(call: Call[None]) -> Paged:
    page = awards.list_results(call.tenant_id, call.path["id"], call.limit, call.cursor)
    currency = brand_of(call.tenant_id).currency
    return Paged([ResultView.of(each, currency) for each in page.items], page.last_key)


@routes.get(
    "/v1/awards/{id}/results/{name}", allow=_LOOKS, answer=FullResultView, tag="members", errors=(NotFound,),
    summary="Read who has won an award, and a recount",
)  # fmt: skip
def read_award_result(call: Call[None]) -> FullResultView:
    """The name is the last local day of the period, such as `2026-11-30`. What was returned since then shows in the
    recount, and nothing is taken back."""
    result = awards.get_result(call.tenant_id, call.path["id"], _day(call.path["name"]))
    won, counted = showing.recounted(result, call.now)
    return FullResultView.with_winners(result, won, counted, brand_of(call.tenant_id).currency, call.locale)


@routes.get(
    "/v1/stores/{slug}/awards", allow=member(), answer=StoreResultView, paged=True, tag="storefront",
    summary="List who has won awards, the latest first",
)  # fmt: skip
def list_store_awards(call: Call[None]) -> Paged:
    """Winners are named where they agree to it (the consent `leaderboards`), else by the first character alone."""
    page = awards.list_all_results(call.tenant_id, call.limit, call.cursor)
    won, me = showing.winners_of(page.items, _MOST_NAMED), get_member(call.tenant_id, call.member_id)
    currency = brand_of(call.tenant_id).currency
    shown: list[Any] = [
        StoreResultView.of(each, won.get(showing.name_of(each), []), me, currency, call.locale) for each in page.items
    ]
    return Paged(shown, page.last_key)


def _award(record: AwardRecord) -> Answer:
    return Answer(AwardView.of(record, brand_of(record.tenant_id).currency), etag=int(record.rev))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as unread:
        raise NotFound(
            "This award was not decided for such a period.", detail_zh="该奖项在该周期没有结果。"
        ) from unread
