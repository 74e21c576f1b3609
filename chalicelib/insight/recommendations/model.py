"""What a member may want next: candidates of several sources, blended, each with its reason in words. Pure.

A score is the share of occasions on which the product was wanted, as its source sees it, so that scores of different
sources may be added. Who asks supplies what is known; nobody is told what a few neighbours bought.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from chalicelib.insight.model.associations import FEWEST_MEMBERS, Rule
from chalicelib.insight.model.charts import Words


class Source(StrEnum):
    """Why a product is a candidate; of equal shares in a recommendation the first is its reason."""

    DUE_AGAIN = "due_again"
    TOGETHER = "together"
    TAG = "tag"
    PERSONA = "persona"
    POINT = "point"
    POPULAR = "popular"


PERSONAL = frozenset({Source.DUE_AGAIN, Source.TAG, Source.PERSONA, Source.POINT})
"""Sources that look at what is known of the reader: for those alone who agree to that."""

WEIGHTS: Mapping[Source, float] = {
    Source.DUE_AGAIN: 1.0,
    Source.TOGETHER: 0.1,
    Source.TAG: 0.1,
    Source.PERSONA: 0.5,
    Source.POINT: 0.5,
    Source.POPULAR: 0.2,
}
"""How much the score of a source counts. Found on the last basket but one of each household of Complete Journey; the
point, of which these data have none, counts as the persona does.
"""

_LATE = 2
"""After twice its usual interval, a product is ever less likely to be wanted again."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures behind a reason: bought with which ``products``, by whom (``group``, ``tag``, ``point_id``), by how
    many ``members``, or every how many days by the reader. Only of what holds.
    """

    products: tuple[str, ...] = ()
    group: str = ""
    tag: str = ""
    point_id: str = ""
    members: int | None = None
    every_days: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that a source proposes."""

    product_id: str
    source: Source
    score: float
    evidence: Evidence = field(default_factory=Evidence)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A product with the candidate that speaks for it most."""

    product_id: str
    score: float
    because: Candidate

    def text(self, titles: Mapping[str, str]) -> Words:
        """The reason in words; ``titles`` are those of products by id. One whose product has no title is general."""
        return _said(self.because, titles)


@dataclass(frozen=True, slots=True)
class Bought:
    """How often a product was bought in a group: in so many orders, by so many distinct members."""

    orders: int
    members: int


@dataclass(frozen=True, slots=True)
class Group:
    """What members of a group bought, by product, of ``orders`` of ``members``; the reader is not among them. The most
    bought products are enough: a few dozen.
    """

    orders: int
    members: int
    bought: Mapping[str, Bought]


def together(rules: Iterable[Rule], having: Set[str]) -> list[Candidate]:
    """What is bought with the products that a reader has, more often than by chance: by the rule of the greatest
    confidence. Rules are of five members and more already.
    """
    best: dict[str, Rule] = {}
    for rule in rules:
        if rule.b not in having and rule.lift > 1 and having >= set(rule.a):
            known = best.get(rule.b)
            if known is None or (rule.confidence, rule.lift, rule.a) > (known.confidence, known.lift, known.a):
                best[rule.b] = rule
    return [
        Candidate(product_id, Source.TOGETHER, float(rule.confidence), Evidence(products=rule.a))
        for product_id, rule in best.items()
    ]


def due_again(days: Mapping[str, Collection[date]], occasions: int, today: date) -> list[Candidate]:
    """What a reader bought on two local days and more, of so many with an order: by the share of them, and less once it
    has been left out for long.
    """
    found = []
    for product_id, each in days.items():
        seen = sorted(set(each))
        if len(seen) < 2:
            continue
        interval = (seen[-1] - seen[0]).days / (len(seen) - 1)
        elapsed = (today - seen[-1]).days / interval
        score = len(seen) / occasions * min(1, _LATE / max(elapsed, 1))
        found.append(Candidate(product_id, Source.DUE_AGAIN, score, Evidence(every_days=max(1, round(interval)))))
    return found


def of_group(source: Source, group: Group, evidence: Evidence = Evidence()) -> list[Candidate]:
    """What a group buys often, as far as it may be told: by the share of its orders."""
    return [
        Candidate(product_id, source, bought.orders / group.orders, evidence)
        for product_id, bought in group.bought.items()
        if may_tell(bought.members, group.members)
    ]


def may_tell(bought: int, members: int) -> bool:
    """Whether it may be told that so many of a group bought something: so that neither those who did nor those who did
    not are few. Else a neighbour at a small point would be known by it.
    """
    return bought >= FEWEST_MEMBERS and members - bought >= FEWEST_MEMBERS


def by_tag(likes: Mapping[str, float], tags: Mapping[str, Group]) -> list[Candidate]:
    """What others buy of tags that a reader likes: by the share of the reader's orders that have the tag, times the
    product's share of the orders of the ``tags``' groups, which are those with the tag.
    """
    best: dict[str, Candidate] = {}
    for tag, liking in sorted(likes.items()):
        for each in of_group(Source.TAG, tags[tag], Evidence(tag=tag)) if tag in tags else ():
            score = liking * each.score
            if each.product_id not in best or score > best[each.product_id].score:
                best[each.product_id] = replace(each, score=score)
    return list(best.values())


def agreed(candidates: Iterable[Candidate], *, agrees: bool) -> list[Candidate]:
    """Those that may be used for a reader who does or does not agree that what is known of them is."""
    return [each for each in candidates if agrees or each.source not in PERSONAL]


def blend(
    candidates: Iterable[Candidate],
    may_see: Callable[[str], bool],
    most: int,
    weights: Mapping[Source, float] = WEIGHTS,
) -> list[Recommendation]:
    """The products with the greatest sums of weighted scores that the reader ``may_see`` (stock, audience and what
    they have in the basket are the asker's), equal ones by id. The predicate is asked no more often than it must.
    """
    by_product: dict[str, list[Candidate]] = {}
    for each in candidates:
        if each.score > 0 and weights.get(each.source, 0) > 0:
            by_product.setdefault(each.product_id, []).append(each)
    found = [_recommended(each, weights) for each in by_product.values()]
    shown: list[Recommendation] = []
    for proposed in sorted(found, key=lambda one: (-one.score, one.product_id)):
        if len(shown) == most:
            break
        if may_see(proposed.product_id):
            shown.append(proposed)
    return shown


def _recommended(some: Sequence[Candidate], weights: Mapping[Source, float]) -> Recommendation:
    order = list(Source)
    ranked = sorted(some, key=lambda each: (-weights[each.source] * each.score, order.index(each.source)))
    return Recommendation(some[0].product_id, sum(weights[each.source] * each.score for each in some), ranked[0])


def _said(because: Candidate, titles: Mapping[str, str]) -> Words:
    known = because.evidence
    match because.source:
        case Source.DUE_AGAIN if known.every_days == 1:
            return Words("You buy this about every day.", "您几乎每天购买。")
        case Source.DUE_AGAIN:
            return Words(
                f"You buy this about every {known.every_days} days.", f"您大约每 {known.every_days} 天购买一次。"
            )
        case Source.TOGETHER if all(each in titles for each in known.products):
            names = [titles[each] for each in known.products]
            return Words(f"Often bought with {' and '.join(names)}.", f"常与“{'、'.join(names)}”一起购买。")
        case Source.TOGETHER:
            return Words("Often bought with what you have.", "常与您已选的商品一起购买。")
        case Source.TAG:
            return Words(f"You often buy {known.tag}.", f"您常买“{known.tag}”。")
        case Source.PERSONA:
            return Words("Members like you often buy this.", "与您相似的会员常买。")
        case Source.POINT:
            return Words("Often bought at your pickup point.", "您的自提点常买。")
        case _:
            return Words("Often bought in this shop.", "本店常买。")
