"""What to buy and who gets what, worked by hand."""

from chalicelib.fulfilment.model import MemberShare, Parcel, PurchaseLine, Sold, purchase_lines, sorting_sheets


def parcel(order_id: str, member_id: str, point: str, **units: int) -> Parcel:
    return Parcel(order_id, member_id, point, "placed", units)


def test_offers_of_one_sku_make_one_line_and_unsold_ones_none() -> None:
    sold = [Sold("o1", "pears", "Pears", 3), Sold("o2", "eggs", "Eggs", 0), Sold("o3", "pears", "Pears, big box", 4)]
    assert purchase_lines(sold, {"pears": "P-1"}) == [PurchaseLine("pears", "P-1", "Pears", 7, {"o1": 3, "o3": 4})]


def test_a_line_is_stored_and_comes_back() -> None:
    line = PurchaseLine("pears", "P-1", "秋梨", 7, {"o1": 3, "o3": 4})
    assert PurchaseLine.from_json(line.as_json()) == line


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
