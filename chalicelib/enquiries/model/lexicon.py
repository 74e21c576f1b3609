"""What words of a group-buying shop mean, and which say nothing, in English and Chinese. Pure.

Patterns are in lower case and simplified characters; English ones stand between boundaries.
"""

from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "pickup point": "pickup points?|pick-up points?|collection points?|自提点|提货点|取货点|自提处",
    "pickup code": "pickup codes?|pick-up codes?|collection codes?|取货码|提货码|自提码|取件码|[取提]货的?二维码",
    "pickup": (
        "pick(?:ed|ing)?[ -]?(?:it |them |this |that |my \\w+ )?up|pick-?up|collect(?:ed|ing|s)?|collection|"
        "fetch(?:ed)?|取货|提货|拿货|领货|自提|取件|领取|代取|代领|取走|帮我领|帮我拿"
    ),
    "somebody else": (
        "somebody else|someone else|other person|代取|代领|别人|朋友|家人|妈妈|爸爸|老公|老婆|邻居|friend|"
        "husband|wife|neighbou?r"
    ),
    "refund": "refunds?|refunded|money back|reimburse\\w*|退款|退钱|退的钱|退费|退我钱",
    "return": "returns?|returned|send (?:it |this |them )?back|退货|退换",
    "exchange": "exchange[ds]?|swap|换货|退换",
    "order": "orders?|ordered|订单",
    "placed": "after ordering|下单后|下单之后|拍下",
    "cancel": "cancel\\w*|取消|撤销|不想要",
    "deliver": "deliver\\w*|ship(?:s|ped|ping)?|courier|快递|配送|送货|邮寄|寄到|寄送|送到",
    "home": "home|my door|doorstep|上门|到家|家里|家门口",
    "fee": (
        "fees?|shipping cost|shipping free|free shipping|free delivery|pay for delivery|shipping|运费|邮费|"
        "包邮|快递费|配送费"
    ),
    "arrive": "arriv\\w*|get to the|到货|送达|几天能到|多久能到|什么时候到",
    "arrived money": "到账|take to arrive in my bank",
    "invoice": "invoices?|receipts?|发票|开票",
    "coupon": "coupons?|vouchers?|优惠券|优惠卷|红包|抵用券|代金券",
    "points": "points?(?= |$)|积分",
    "pay": "pay(?:s|ing|ment|ments)?|paid|charged?|付款|支付|付钱|付了|扣款|扣钱|钱扣|扣了",
    "pay method": "(?:accept )?(?:credit )?cards?|cash|wechat|alipay|微信|支付宝|银行卡|信用卡|现金|刷卡",
    "unpaid": "unpaid|not paid|未支付|未付款|没付款|待支付",
    "price": "prices?|价格|价钱",
    "cheaper": "cheaper|difference|drops?|dropped|went down|price fell|降价|降了|补?差价|便宜",
    "missing": "missing|left out|not in the bag|forgot|少发|漏发|少了|漏了|缺了|没给",
    "damaged": (
        "damaged?|broke|broken|spoil\\w*|rotten|bad|mouldy|moldy|leaking|坏了|坏的|烂了|烂的|变质|破损|破了|碎了|发霉"
    ),
    "frozen": "frozen|chilled|fridges?|freezers?|cold|冷冻|冷藏|冰柜|冰箱|保鲜",
    "phone number": "phone numbers?|mobile numbers?|手机号码?|电话号码",
    "leader": "leaders?|团长",
    "become": "become|becoming|apply|加入|当团长|成为|怎么当|想当",
    "account": "accounts?|账号|账户|帐号",
    "delete": "delet\\w+|clos(?:e|ing) my account|remove my data|erase|注销|删除",
    "hours": "opening hours|open(?:s|ed|ing)?|clos(?:es|ing time)|close(?= ?\\??$)|营业时间|几点|开门|关门|营业",
    "not enough": (
        "not enough|too few|does not reach|doesn't reach|人数不够|人不够|没成团|未成团|没有成团|拼不成|不成团|凑不齐"
    ),
    "group buying": "group[ -]buying|团购|拼团",
    "late": (
        "too late|in time|can't make it|cannot make it|来不及|没时间|没空|过期|超时|逾期|没有及时|没及时|"
        "没取|没去取|没来取"
    ),
    "keep": "keep|kept|hold|保留|留到|留着",
    "quantity": "quantity|quantities|amount|one more|add more|数量|多加|加一|加购|再加",
    "change": "change[ds]?|changing|switch|edit|modify|修改|更换|更改|改成|换一个|怎么改|能改|换了",
    "address": "address(?:es)?|location|地址|位置",
    "where": "where|find|found|哪里|哪儿|在哪|什么地方|找不到|找到|怎么找",
    "when": "when|how long|how soon|什么时候|多久|几天|何时|几时",
}
"""Words and turns by what they mean, as patterns; a longer name stands before its parts."""

PARTS_OF_LONGER = frozenset({"pickup", "points", "pay method"})
"""What is not said by a longer name that has its word in it: *pickup point* is neither pickup nor points."""

ASKS = frozenset({"where", "when", "order", "placed", "change"})
"""Meanings that many questions have and that decide little by themselves."""

_ENGLISH = """
    a about accept again all also am an and any anything are as at be been but by campaign campaigns can can't
    cannot could dear did do does doing done for from get give goods got had has have having hello help here hey
    hi how i i'd i'll i'm i've if in into is it item items its just know let like ll made make makes many may me
    might mine much must my need no not now of off ok on one or our out over own please re s said say says
    should so some something still stuff sure t tell than thank thanks that the their them then there these they
    thing things this those through to today too until us use used using ve very want wanted wants was way we
    were what what's which while who whom whose why will with would yes yet you your
"""

_CHINESE = """
    一 一下 一个 一件 一直 一袋 上 下 不 不是 不能 与 且 东西 个 中 为什么 么 之前 之后 也 买 买的 了 亲
    什么 今天 从 他 他们 以及 以后 件 会 但 但是 你 你们 你好 使用 做 其 再 几 出 刚 刚刚 到 前 办 去 又
    及 只 叫 可不可以 可以 可否 后 吗 吧 呀 呗 呢 和 咱们 哈 哦 哪 哪个 哪些 商品 啊 嗯 嘛 因为 在 地
    多少 她 如何 如果 它 客服 对 就 已经 帮 帮忙 帮我 并 很 得 怎么 怎么办 怎么样 怎样 您 您好 想 想要
    想问 我 我们 或 或者 所以 才 把 支持 收到 无 时候 是 有 未 来 每 没 没有 活动 玩 现在 用 申请 的 看
    着 第一次 等 给 老板 能 能不能 自己 补 袋 被 要 要不要 让 该 说 请 请问 谁 谢谢 货 过 还 还是 这
    这个 这里 那 那个 那里 都 里 问 问下 需 需要 麻烦
"""

SAY_NOTHING = frozenset(_ENGLISH.split()) | frozenset(_CHINESE.split()) | {"he", "him", "his", "she", "her"}
"""Words that questions have whatever they are about, polite ones and those of any shop among them."""
