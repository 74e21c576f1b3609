"""A rule in words, in both languages. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from chalicelib.kernel.language import Language
from chalicelib.kernel.money import Money
from chalicelib.segments.model.evaluating import Met
from chalicelib.segments.model.fields import FIELDS, Kind, Op
from chalicelib.segments.model.rules import AllOf, Condition, Not, Rule, Scope

VALUES: Mapping[str, tuple[str, str]] = {
    "class:new": ("new", "新会员"), "class:active": ("active", "活跃"), "class:dormant": ("dormant", "沉睡"),
    "class:churned": ("churned", "流失"),
    "origin:sign_in": ("signed in by themselves", "自行登录"), "origin:import": ("imported", "名单导入"),
    "origin:staff": ("written down by the team", "员工登记"), "origin:invite": ("invited", "受邀加入"),
    "origin:referral": ("brought by a member", "由会员邀请"),
    "origin:application": ("by an application", "通过入会申请"),
    "language:zh": ("Chinese", "中文"), "language:en": ("English", "英文"),
    "consents:marketing": ("news and offers", "优惠与活动"), "consents:analytics": ("figures", "使用统计"),
    "consents:personalisation": ("personalisation", "个性化推荐"),
    "consents:leaderboards": ("their name on leaderboards", "在排行榜显示姓名"),
    "gender:female": ("female", "女"), "gender:male": ("male", "男"), "gender:other": ("other", "其他"),
    "gender:undisclosed": ("not said", "不愿透露"),
    "age_band:under_18": ("under 18", "18 岁以下"), "age_band:18_24": ("18–24", "18–24 岁"),
    "age_band:25_34": ("25–34", "25–34 岁"), "age_band:35_44": ("35–44", "35–44 岁"),
    "age_band:45_54": ("45–54", "45–54 岁"), "age_band:55_64": ("55–64", "55–64 岁"),
    "age_band:65_plus": ("65 and older", "65 岁及以上"),
    "household:alone": ("alone", "独居"), "household:two_adults": ("two adults", "两位成人"),
    "household:three_or_more_adults": ("three or more adults", "三位及以上成人"),
    "household:children_under_7": ("children under 7", "有 7 岁以下孩子"),
    "household:children_7_17": ("children of 7 to 17", "有 7–17 岁孩子"),
}  # fmt: skip
"""What the values that the product knows are called, by field and value: in English, and in Chinese."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Words a rule in a language. ``names`` are the titles of what stands in a rule by its id or code: tiers, segments,
    products, pickup points; ``currency`` is the brand's.
    """

    language: Language
    currency: str
    names: Mapping[str, str] = field(default_factory=dict)

    def rule(self, rule: Rule) -> str:
        """The whole rule, as a sentence's part."""
        if isinstance(rule, Condition):
            return self.condition(rule)
        if isinstance(rule, Not):
            return self._either(f"not ({self.rule(rule.part)})", f"不满足（{self.rule(rule.part)}）")
        both = isinstance(rule, AllOf)
        joined = self._either(" and " if both else " or ", "，且" if both else "，或")
        return joined.join(self._part(part) for part in rule.parts)

    def condition(self, condition: Condition) -> str:
        """One condition."""
        name = self._either(condition.of.en, condition.of.zh)
        kind, op = condition.of.kind, condition.op
        if kind is Kind.PURCHASES:
            return self._purchase(condition.scope or Scope(), bought=op is Op.BOUGHT)
        if kind is Kind.DAY:
            day = condition.on.isoformat() if condition.on else ""
            return self._either(
                f"{name} {'from' if op is Op.FROM else 'until'} {day}",
                f"{name}不{'早' if op is Op.FROM else '晚'}于 {day}",
            )
        if kind in (Kind.NUMBER, Kind.SUM):
            number = self._number(condition)
            what = f"{name}{self._scope(condition.scope)}" if condition.scope else name
            least = op is Op.AT_LEAST
            return self._either(
                f"{what} at {'least' if least else 'most'} {number}", f"{what}{'至少' if least else '至多'} {number}"
            )
        values = self._list([self.value(condition.field, each) for each in condition.values])
        said = {
            Op.ANY_OF: (f"{name}: {values}", f"{name}为{values}"),
            Op.ALL_OF: (f"{name}: all of {values}", f"{name}同时包含{values}"),
            Op.NONE_OF: (f"{name}: not {values}", f"{name}不是{values}"),
        }[op]
        return self._either(*said)

    def found(self, met: Met) -> str:
        """What a condition met."""
        if met.found is None and met.condition.of.of_scores:
            return self._either("no score yet", "暂无评分")
        if met.found is None:
            return self._either("nothing known", "暂无信息")
        if isinstance(met.found, tuple):
            return self._list([self.value(met.condition.field, each) for each in met.found], last=False)
        if isinstance(met.found, date):
            return met.found.isoformat()
        if met.condition.field == "monetary":
            return self._money(met.found)
        if met.condition.of.kind is Kind.PURCHASES:
            return self._either(f"purchases: {met.found}", f"购买 {met.found} 次")
        return str(met.found)

    def value(self, name: str, value: str) -> str:
        """A value, as people call it."""
        known = VALUES.get(f"{name}:{value}")
        if known:
            return self._either(*known)
        return self.names.get(f"{FIELDS[name].named or name}:{value}", value)

    def _part(self, part: Rule) -> str:
        said = self.rule(part)
        alone = isinstance(part, Condition | Not) or len(part.parts) == 1
        return said if alone else self._either(f"({said})", f"（{said}）")

    def _purchase(self, scope: Scope, *, bought: bool) -> str:
        goods, when = self._goods(scope), self._when(scope)
        verb = self._either("bought" if bought else "has not bought", "购买过" if bought else "未购买")
        return self._either(f"{verb} {goods or 'anything'}{when}", f"{when}{verb}{goods or '任何商品'}")

    def _scope(self, scope: Scope | None) -> str:
        if scope is None:
            return ""
        goods, when = self._goods(scope), self._when(scope)
        inside = self._either(f"{' of ' if goods else ''}{goods}{when}", "，".join(x for x in (goods, when) if x))
        return inside if self.language == "en" else (f"（{inside}）" if inside else "")

    def _goods(self, scope: Scope) -> str:
        products = [self.names.get(f"products:{each}", each) for each in scope.product_ids]
        return self._list([*products, *scope.categories]) if scope.of_some else ""

    def _when(self, scope: Scope) -> str:
        if scope.within_days:
            return self._either(f" in the last {scope.within_days} days", f"最近 {scope.within_days} 天")
        parts = []
        if scope.from_on:
            parts.append(self._either(f" from {scope.from_on}", f"自 {scope.from_on} 起"))
        if scope.to_on:
            parts.append(self._either(f" until {scope.to_on}", f"至 {scope.to_on} 止"))
        return "".join(parts)

    def _number(self, condition: Condition) -> str:
        return self._money(condition.number) if condition.field == "monetary" else str(condition.number)

    def _money(self, minor: int) -> str:
        return format(Money(minor, self.currency), self.language)

    def _list(self, words: list[str], *, last: bool = True) -> str:
        if self.language == "zh":
            return "、".join(words)
        joined = " or " if last else " and "
        return joined.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)

    def _either(self, en: str, zh: str) -> str:
        return en if self.language == "en" else zh
