"""What to buy and who gets what, worked by hand."""

from chalicelib.fulfilment.sorting.model import MemberShare, Parcel, sorting_sheets


def parcel(order_id: str, member_id: str, point: str, **units: int) -> Parcel:
    return Parcel(order_id, member_id, point, "placed", units)


def test_each_pickup_point_has_its_members_first_come_first() -> None:
    eggs, more_eggs = parcel("1", "an", "east", eggs=2), parcel("3", "an", "east", eggs=1, oil=1)
    oil, far = parcel("2", "bo", "east", oil=4), parcel("4", "an", "west", eggs=5)
    east, west, empty = sorting_sheets([eggs, oil, more_eggs, far], ["east", "west", "north"])
    assert east.units == {"eggs": 3, "oil": 5}
    assert east.shares == (MemberShare("an", (eggs, more_eggs)), MemberShare("bo", (oil,)))
    assert (west.pickup_point_id, west.units) == ("west", {"eggs": 5})
    assert (empty.units, empty.shares) == ({}, ())


def test_the_sheets_together_are_what_was_ordered() -> None:
    parcels = [parcel(str(n), f"member-{n % 4}", "east" if n % 3 else "west", eggs=n + 1) for n in range(20)]
    sheets = sorting_sheets(parcels, ["east", "west"])
    assert sum(sheet.units["eggs"] for sheet in sheets) == 210
    assert sum(len(share.parcels) for sheet in sheets for share in sheet.shares) == 20
