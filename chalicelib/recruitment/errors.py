"""Why recruitment refuses something."""

from chalicelib.kernel.errors import Conflict, Invalid


class InviteCodeTaken(Conflict):
    """Another invite code of the brand reads like this one."""

    code, title, title_zh = "invite_code_taken", "Another invite code reads like this", "该邀请码已被使用"


class InviteCodeOver(Conflict):
    """The invite code was revoked, which is for good."""

    code, title, title_zh = "invite_code_revoked", "The invite code was revoked", "该邀请码已作废"


class BelowJoined(Conflict):
    """An invite code is to admit fewer than have joined by it already; ``extra`` has how many."""

    code, title, title_zh = "below_joined", "More have joined by it already", "已加入人数超过该上限"


class RulesRefused(Invalid):
    """The rules of recruitment make no sense: ``errors`` name the fields."""

    code, title, title_zh = "recruitment_rules_refused", "The rules cannot be like this", "招募规则设置有误"


class NoApplications(Conflict):
    """The store takes no applications: whoever wants to join signs in."""

    code, title, title_zh = "no_applications", "The store takes no applications", "本店无需申请"


class AlreadyMember(Conflict):
    """Who applies is a member already, and signs in."""

    code, title, title_zh = "already_member", "You are a member already", "您已是会员"


class AlreadyJoined(Conflict):
    """The applicant has joined already, so that there is nothing to decide any more."""

    code, title, title_zh = "applicant_joined", "The applicant has joined already", "申请人已加入"
