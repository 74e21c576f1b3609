"""Why a segment is not made, changed or deleted."""

from chalicelib.kernel.errors import Conflict, Invalid


class RuleRefused(Invalid):
    """A rule asks for what there is not, or is too long."""

    code, title, title_zh = "rule_refused", "The rule cannot be used", "规则无法使用"


class TooManySegments(Conflict):
    """A brand has at most so many segments."""

    code, title, title_zh = "too_many_segments", "There are as many segments as there may be", "人群数量已达上限"


class SegmentInUse(Conflict):
    """What uses the segment would be for nobody, or for everybody, without it."""

    code, title, title_zh = "segment_in_use", "The segment is in use", "该人群正在使用"


class NotAList(Conflict):
    """Members come into a segment by its rule; only into a list by hand."""

    code, title, title_zh = "not_a_list", "This segment has a rule", "该人群由规则生成"


class UnknownTag(Invalid):
    """The brand has no such tag."""

    code, title, title_zh = "unknown_tag", "There is no such tag", "没有该标签"


class TooManyTags(Invalid):
    """A brand has so many tags at most, and a member fewer."""

    code, title, title_zh = "too_many_tags", "There are as many tags as there may be", "标签数量已达上限"


class TagInUse(Conflict):
    """A segment gives the tag or asks for it, or a journey gives it."""

    code, title, title_zh = "tag_in_use", "The tag is in use", "该标签正在使用"
