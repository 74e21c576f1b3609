"""Substitutes, shortages and refunds worked by hand, to be read beside the rules.

The rule: who ordered first gets what they ordered, as far as it goes; those who would go short then get what came in
its place, in the order of placing; the last come are cut, and get their money back.

Pears are sold at 12.50 a unit, paid online unless a case says otherwise. The orchard delivers them at 4.00 and eggs in
their place at 3.00; oil in their place costs what they cost. A case lists the ``orders`` in the order of placing, in
pears (``3``), with oil from the farm at 2.00 where there is any (``3&2``). Then come its ``events``:

- ``r4 d1 s2 e2 o1`` is a receipt: 4 received, of them 1 damaged, 2 short, 2 came as eggs and 1 as oil.
  ``t`` and ``w`` are pears put on the shelf and written off, ``E`` and ``W`` eggs.
- ``farm r1 s1`` is a receipt of the oil that was ordered.
- ``1 takes 2`` is a handover of so many pears of the first order, ``1 to 0`` an adjustment by staff.

``gets`` has what each order holds in the end: ``2+1e`` is 2 pears and 1 egg, ``-`` an order that has ended, ``2&1`` has
the oil as well. ``back`` is the money that went back to each, ``owed`` what the suppliers are owed in all, in minor
units; ``shelf`` and ``off`` are units put on the shelf and written off, ``left`` those that wait for either.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    orders: str
    events: str
    gets: str
    back: tuple[int, ...]
    owed: int
    why: str
    shelf: int = 0
    off: int = 0
    left: int = 0
    pack: int = 1
    top_up: int = 0
    paid: str = "online"
    discount: int = 0


CASES = (
    # --- enough, or a plain shortage
    Case("3 3", "r6", "3 3", (0, 0), 2_400, "All came: 6 at 4.00."),
    Case("3 3", "r4 s2", "3 1", (0, 2_500), 1_600, "2 are short: of the last, 2 at 12.50 go back."),
    Case("3 3", "r2 s4", "2 -", (1_250, 3_750), 800, "4 are short: all 3 of the last, 1 of the first."),
    Case("3 3", "r6 d2", "3 1", (0, 2_500), 1_600, "2 of 6 came damaged: nobody is owed for them."),
    Case("2 2 2", "s6", "- - -", (2_500, 2_500, 2_500), 0, "Nothing comes: all is refunded, nothing is owed."),
    Case("2 2", "r3 d1 s1", "2 -", (0, 2_500), 800, "2 good pears of 4: the second has none."),
    # --- substitutes
    Case("3 3", "r2 s2 e2", "2+1e 0+1e", (0, 2_500), 1_400,
         "The first has 2 pears and goes short by 1, the second by 3; 2 eggs: one each. 2 x 4.00 + 2 x 3.00."),
    Case("2 4", "r4 e2", "2 2+2e", (0, 0), 2_200, "The first has its 2 pears, the second 2 pears and the 2 eggs."),
    Case("3 3", "e6", "0+3e 0+3e", (0, 0), 1_800, "Only eggs came, for everybody."),
    Case("3 3", "s4 e2", "0+2e -", (1_250, 3_750), 600, "2 eggs for 6 pears: the first has both, and 1 back."),
    Case("1 1 1 1", "r1 s1 e2", "1 0+1e 0+1e -", (0, 0, 0, 1_250), 1_000, "One pear, two eggs, and the last has none."),
    Case("5", "r1 s2 e2", "1+2e", (2_500,), 1_000, "One line in three parts: 1 pear, 2 eggs, 2 refunded."),
    Case("2 2", "r1 e2 o1", "1+1e 0+1e+1o", (0, 0), 1_400, "Eggs came first, so the first has one; 4 + 2 x 3 + 4."),
    Case("4 2", "r3 s1 e2", "3+1e 0+1e", (0, 1_250), 1_800, "The first goes short by 1, the second by 2, for 2 eggs."),
    Case("6 6 3", "r10 e5", "6 4+2e 0+3e", (0, 0, 0), 5_500, "5 eggs: 2 where the pears end, 3 for the last."),
    Case("2 2", "r3 d1 e1", "2 0+1e", (0, 1_250), 1_100, "The damaged pear is made good by nothing: 1 goes back."),
    # --- one receipt after another
    Case("3 3", "r2 ; s2 e2", "2+1e 0+1e", (0, 2_500), 1_400, "As in one receipt: 2 pears first, then the rest."),
    Case("3 3", "e2 ; s4", "0+2e -", (1_250, 3_750), 600,
         "With 4 pears expected the second had the eggs; none came, so they are the first's."),
    Case("3 3", "e2 ; r4", "3 1+2e", (0, 0), 2_200, "The 4 pears came: the first has 3, the second 1 and the eggs."),
    Case("2 2 2", "r4 s2 ; ", "2 2 -", (0, 0, 2_500), 1_600, "What was cut stays cut: nothing is expected any more."),
    Case("2 2 2", "r2 e1 ; s1 ; e2", "2 0+2e 0+1e", (0, 0, 1_250), 1_700,
         "3 eggs and 1 short for the 4 pears of the last two: the last loses 1."),
    # --- handed over in part, or changed by staff
    Case("3 3", "r4 ; 1 takes 3 ; 2 takes 1 ; s2", "3 1", (0, 2_500), 1_600, "What was handed over stays; 2 go back."),
    Case("3 3", "r3 ; 2 takes 3 ; s3", "- 3", (3_750, 0), 1_200, "The second has its pears: the first has none."),
    Case("3 3", "r4 e2 ; 2 takes 2", "3 1+2e", (0, 0), 2_200, "A pear and an egg were handed over; nothing changes."),
    Case("2 2 2", "r4 e2 ; 2 to 0", "2 - 2", (0, 2_500, 0), 2_200, "2 pears come free: the last gets what it ordered.",
         left=2),
    Case("2 2 2", "r4 e2 ; 3 to 0 ; E2", "2 2 -", (0, 0, 2_500), 2_200, "The eggs are nobody's: to the shelf.", 2),
    Case("2 2 2", "r4 e2 ; 1 takes 2 ; 2 to 0 ; t2", "2 - 0+2e", (0, 2_500, 0), 2_200,
         "The last is packed with its eggs: 2 pears go to the shelf.", 2),
    Case("2 2", "r2 e2 ; 2 to 1", "2 0+1e", (0, 1_250), 1_400, "An egg is over.", left=1),
    # --- surplus and what is put away
    Case("6", "r10", "6", (0,), 4_000, "A pack of 10 for 6: 4 are over.", pack=10, left=4),
    Case("6", "r10 t3 w1", "6", (0,), 4_000, "4 are over: 3 go to the shelf, 1 is written off.", 3, 1, 0, pack=10),
    Case("6", "r6 e4", "6", (0,), 3_600, "4 eggs in a pack: nobody goes short, they are over.", pack=10, left=4),
    Case("6", "r6 e4 ; E3 W1", "6", (0,), 3_600, "They are put away: 3 on the shelf, 1 given up.", 3, 1, 0, pack=10),
    Case("2 2 2", "r4 e4 ; s2", "2 2 0+2e", (0, 0, 0), 2_800, "Of 10, 2 turn out short: 2 of the 4 eggs were needed.",
         pack=10, left=2),
    Case("4 4", "r8 ; 2 to 1 ; t3", "4 1", (0, 3_750), 3_200, "3 pears come free after the receipt: to the shelf.", 3),
    Case("5", "r8 t3", "5", (0,), 3_200, "Topped up by 3 for the shelf: all 8 are owed.", 3, top_up=3),
    Case("5", "r6 s2", "5", (0,), 2_400, "Of 8 bought 2 are short: those were for the shelf.", left=1, top_up=3),
    # --- two goods, two suppliers
    Case("3&2 3&2", "r4 s2 ; farm r3 s1", "3&2 1&1", (0, 3_750), 2_200, "Of the last, 2 pears and 1 oil: 3 x 12.50."),
    Case("1&1 1&1", "r1 e1 ; farm s2", "1&0 0+1e&0", (1_250, 1_250), 700, "No oil at all; pears and an egg."),
    Case("2&1 1", "s3 ; farm r1", "0&1 -", (2_500, 1_250), 200, "No pear came, the oil did: an order goes on without."),
    # --- how it is paid
    Case("3 3", "r2 s2 e2", "2+1e 0+1e", (0, 0), 1_400, "Paid at pickup: nothing goes back.",
         paid="at pickup"),
    Case("3 3", "r4 s2", "3 1", (0, 600), 1_600, "Only the deposit of 3.00 a unit is paid: 2 of it go back.",
         paid="deposit"),
    Case("3 3", "r2 s2 e2", "2+1e 0+1e", (0, 600), 1_400, "Eggs keep their deposit, what is cut gives it back.",
         paid="deposit"),
    Case("3", "r2 s1", "2", (1_216,), 800,
         "1.00 off 37.50: of 25.00 it is 0.66, so 36.50 were paid and 24.34 stay.", discount=100),
    Case("3", "r1 s1 e1", "1+1e", (1_216,), 700, "An egg costs what the pear did, discount included.", discount=100),
    Case("3", "s3", "-", (3_650,), 0, "All of it goes back, to the last cent that was paid.", discount=100),
)  # fmt: skip
