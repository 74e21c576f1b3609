"""What the API shows of leaderboards and awards."""

from collections.abc import Sequence
from typing import Any, Self

from pydantic import Field

from chalicelib.boards.model.awards import Reward, Titled
from chalicelib.boards.model.boards import By, Every
from chalicelib.boards.model.ranking import Row
from chalicelib.boards.records import AwardRecord, ResultRecord
from chalicelib.boards.service.boards import Counted
from chalicelib.boards.service.showing import Placed, Shown, Won, id_of
from chalicelib.members.model.masking import masked_name, shown_reference
from chalicelib.members.records import MemberRecord
from chalicelib.web import Column, Contact, Instant, LocalDate, UlidStr, View, columns


class RankedMemberView(View):
    """A member on a board as the team sees them; without name and reference for one who is no more."""

    id: UlidStr
    external_ref: str | None
    name: Contact[str]

    @classmethod
    def of(cls, tenant_id: str, ordinal: int, member: MemberRecord | None) -> Self:
        if member is None:
            return cls(id=id_of(tenant_id, ordinal), external_ref=None, name=None)
        reference = shown_reference(member.external_ref, member.identities)
        return cls(id=member.id, external_ref=reference, name=member.name)


class NeighbourView(View):
    """A member on a board as other members see them: by name where they agree to that, else by its first character."""

    name: str
    is_me: bool

    @classmethod
    def of(cls, member: MemberRecord | None, me: MemberRecord | None) -> Self:
        is_me = member is not None and me is not None and member.id == me.id
        if member is not None and member.name and (is_me or (member.shows_name and not member.blocked)):
            return cls(name=member.name, is_me=is_me)
        return cls(name=masked_name(member.name if member else None), is_me=is_me)


class RowView(View):
    """``value`` is in minor units of ``currency`` on a board by spend, else a number. Equal values share a rank, and
    the next rank counts all before it.
    """

    rank: int
    member: RankedMemberView
    value: int

    @classmethod
    def of(cls, tenant_id: str, placed: Placed) -> Self:
        row = placed.row
        return cls(rank=row.rank, member=RankedMemberView.of(tenant_id, row.ordinal, placed.member), value=row.value)


class StoreRowView(View):
    rank: int
    member: NeighbourView
    value: int


class PlaceView(View):
    """Where a member stands."""

    rank: int
    value: int

    @classmethod
    def of(cls, row: Row | None) -> Self | None:
        return None if row is None else cls(rank=row.rank, value=row.value)


class _Frame(View):
    """A board: of which days, with so many ``members``, as things stood ``as_of``; ``counting`` while newer figures are
    being counted in the background. A board that was never counted has no ``as_of`` yet.
    """

    by: By
    period: str
    from_on: LocalDate
    to_on: LocalDate
    currency: str | None
    members: int
    as_of: Instant | None
    counting: bool
    next_cursor: str | None = Field(None, description="Give it as `cursor` for the next page; null at the end.")


class BoardView(_Frame):
    """A leaderboard as the team sees it."""

    campaign_id: UlidStr | None
    pickup_point_id: UlidStr | None
    rows: list[RowView]

    @classmethod
    def of(cls, shown: Shown, currency: str, following: str | None) -> Self:
        counted = shown.counted
        return cls(
            **_frame(counted, currency),
            campaign_id=counted.board.campaign_id,
            pickup_point_id=counted.board.pickup_point_id,
            rows=[RowView.of(counted.tenant_id, each) for each in shown.rows],
            next_cursor=following,
        )


class StoreBoardView(_Frame):
    """A leaderboard as members see it. ``me`` is where I stand, null where I do not; ``name_shown`` whether others read
    my name: the consent ``leaderboards``.
    """

    rows: list[StoreRowView]
    me: PlaceView | None
    name_shown: bool

    @classmethod
    def of(cls, shown: Shown, currency: str, following: str | None) -> Self:
        return cls(
            **_frame(shown.counted, currency),
            rows=[
                StoreRowView(rank=each.row.rank, member=NeighbourView.of(each.member, shown.me), value=each.row.value)
                for each in shown.rows
            ],
            me=PlaceView.of(shown.mine),
            name_shown=bool(shown.me and shown.me.shows_name),
            next_cursor=following,
        )


def board_table(
    shown: Shown, currency: str, *, contacts: bool
) -> tuple[tuple[Column, ...], list[tuple[int | str | None, ...]]]:
    """A board as a table. Names are those that other members read; none for who is shown no ``contacts``."""
    money = shown.counted.board.by is By.SPEND
    rows = [
        (
            each.row.rank, NeighbourView.of(each.member, None).name if contacts else None,
            id_of(shown.counted.tenant_id, each.row.ordinal), each.row.value, *((currency,) if money else ()),
        )
        for each in shown.rows
    ]  # fmt: skip
    return _MONEY_COLUMNS if money else _COLUMNS, rows


_WHO = {"rank": ("Rank", "名次"), "name": ("Name", "姓名"), "member_id": ("Member", "会员编号")}
_COLUMNS = columns(**_WHO, value=("Number", "数值"))
_MONEY_COLUMNS = columns(**_WHO, amount_minor=("Amount", "金额"), currency=("Currency", "币种"))


def _frame(counted: Counted, currency: str) -> dict[str, Any]:
    board = counted.board
    return {
        "by": board.by, "period": board.period.name, "from_on": board.period.from_on, "to_on": board.period.to_on,
        "currency": currency if board.by is By.SPEND else None, "members": counted.size, "as_of": counted.as_of,
        "counting": counted.counting,
    }  # fmt: skip


class TitleView(View):
    """In the languages in which it was given."""

    zh: str | None
    en: str | None

    @classmethod
    def of(cls, title: Titled) -> Self:
        return cls(zh=title.zh, en=title.en)


class RewardView(View):
    points: int | None
    coupon_batch_id: UlidStr | None

    @classmethod
    def of(cls, reward: Reward) -> Self:
        return cls(points=reward.points, coupon_batch_id=reward.batch_id)


class PeriodView(View):
    """A week or a month, both days included."""

    name: str
    from_on: LocalDate
    to_on: LocalDate


class AwardView(View):
    """An award, and for which ``next_period`` it is decided at ``decides_at``: null for one that has ended."""

    id: UlidStr
    title: TitleView
    by: By
    every: Every
    top: int | None
    at_least: int | None
    currency: str | None
    reward: RewardView
    grace_days: int
    status: str
    next_period: PeriodView | None
    decides_at: Instant | None
    created_at: Instant

    @classmethod
    def of(cls, record: AwardRecord, currency: str) -> Self:
        award, runs = record.award, record.ended_at is None
        period = record.next_period
        return cls(
            id=record.id, title=TitleView.of(award.title), by=award.by, every=award.every, top=award.top,
            at_least=award.at_least, currency=currency if award.by is By.SPEND else None,
            reward=RewardView.of(award.reward), grace_days=award.grace_days, status="running" if runs else "ended",
            next_period=PeriodView(name=period.name, from_on=period.from_on, to_on=period.to_on) if runs else None,
            decides_at=record.decides_at if runs else None, created_at=record.created_at,
        )  # fmt: skip


class ResultView(View):
    """What an award was decided for: so many have won, and ``handed_out`` of them have got theirs by now."""

    award_id: UlidStr
    title: TitleView
    by: By
    currency: str | None
    reward: RewardView
    period: PeriodView
    winners_total: int
    handed_out: int
    decided_at: Instant

    @classmethod
    def of(cls, result: ResultRecord, currency: str) -> Self:
        return cls(**_result(result, currency))


class WinnerView(View):
    """A winner with ``rank`` and ``value`` as they were when it was decided, and as a recount has them ``now``: null
    where they are no longer on the board. ``missed`` says why they got the title alone.
    """

    rank: int
    member: RankedMemberView
    value: int
    now: PlaceView | None
    missed: str | None


class FullResultView(ResultView):
    """A result with its winners and a recount; ``counting`` while the recount is being made in the background."""

    winners: list[WinnerView]
    counting: bool

    @classmethod
    def with_winners(
        cls, result: ResultRecord, won: Sequence[Won], counted: Counted, currency: str, language: str
    ) -> Self:
        reasons = result.missed or {}
        rows = []
        for each in won:
            said = reasons.get(str(each.winner.ordinal))
            rows.append(
                WinnerView(
                    rank=each.winner.rank,
                    member=RankedMemberView.of(result.tenant_id, each.winner.ordinal, each.member),
                    value=each.winner.value,
                    now=PlaceView.of(each.now),
                    missed=said[language == "zh"] if said else None,
                )
            )
        return cls(**_result(result, currency), winners=rows, counting=counted.counting)


class StoreWinnerView(View):
    rank: int
    member: NeighbourView
    value: int


class StoreResultView(View):
    """An award as members see who has won it; ``winners`` are the first of them."""

    title: str
    by: By
    currency: str | None
    reward: RewardView
    period: PeriodView
    winners_total: int
    winners: list[StoreWinnerView]

    @classmethod
    def of(
        cls, result: ResultRecord, won: Sequence[Won], me: MemberRecord | None, currency: str, language: str
    ) -> Self:
        said = _result(result, currency)
        names = ("by", "currency", "reward", "period", "winners_total")
        return cls(
            title=result.award.title.said(language),
            winners=[
                StoreWinnerView(
                    rank=each.winner.rank, member=NeighbourView.of(each.member, me), value=each.winner.value
                )
                for each in won
            ],
            **{name: said[name] for name in names},
        )


def _result(result: ResultRecord, currency: str) -> dict[str, Any]:
    award = result.award
    return {
        "award_id": result.award_id, "title": TitleView.of(award.title), "by": award.by,
        "currency": currency if award.by is By.SPEND else None, "reward": RewardView.of(award.reward),
        "period": PeriodView(name=result.period, from_on=result.from_on, to_on=result.to_on),
        "winners_total": len(result.winners), "handed_out": int(result.handed), "decided_at": result.decided_at,
    }  # fmt: skip
