"""The API document in Chinese: its summaries, tags, descriptions and the page's own words, by the English ones.

By the English words, so that whoever changes a summary is reminded of its translation by the test that compares them.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

INFO_ZH = "面向众多品牌的社区团购。金额以最小单位的整数表示，时间为 UTC，编号为 ULID。"

TAGS_ZH: Mapping[str, str] = {
    "campaigns": "团购活动", "catalogue": "商品", "documentation": "文档", "fulfilment": "履约",
    "insight": "数据洞察",
    "leader": "团长", "ledger": "账簿", "members": "会员", "orders": "订单", "payments": "支付",
    "pickup points": "自提点",
    "service": "客户服务", "sign-in": "登录", "statements": "对账单", "storefront": "店铺", "suppliers": "供应商",
    "teams": "拼团", "tenants": "品牌",
}  # fmt: skip

SUMMARIES_ZH: Mapping[str, str] = {
    "The OpenAPI 3.1 document": "OpenAPI 3.1 文档",
    "The API, to browse": "浏览 API 文档",
    "Sign up a brand": "注册品牌",
    "Read the brand's profile": "查看品牌资料",
    "Change the brand's profile": "修改品牌资料",
    "Read a brand as shoppers see it": "查看顾客所见的品牌",
    "Issue an API key; its secret is shown once": "创建 API 密钥；密钥内容仅显示一次",
    "List the API keys": "列出 API 密钥",
    "Revoke an API key at once": "立即吊销 API 密钥",
    "Add a staff member": "添加团队成员",
    "List the staff": "列出团队成员",
    "Read one staff member": "查看一位团队成员",
    "Change a staff member's name or roles": "修改团队成员的姓名或角色",
    "Remove a staff member": "移除团队成员",
    "Read who changed what, newest first": "查看操作记录，最新在前",
    "Ask for a sign-in code; the answer never says who exists": "获取登录验证码；应答不透露账号是否存在",
    "Exchange a code for an access token; a new member joins": "用验证码换取访问令牌；新会员即时加入",
    "Read my profile": "查看我的资料",
    "Change my profile and consents": "修改我的资料与授权",
    "Read one member": "查看一位会员",
    "Block a member from ordering, or lift it": "限制会员下单，或解除限制",
    "List jobs, newest first": "列出任务，最新在前",
    "See how far a job is": "查看任务进度",
    "Get a form to upload a photo with": "获取照片上传表单",
    "Create a product": "创建商品",
    "Read a product with its SKUs, costs and stock": "查看商品及其规格、成本和库存",
    "Change a product; add and change SKUs": "修改商品；新增和修改规格",
    "Read a SKU with its stock": "查看规格及其库存",
    "Correct a SKU's stock": "调整规格库存",
    "List the corrections of a SKU's stock, newest first": "列出规格的库存调整，最新在前",
    "Browse a store's products": "浏览店铺商品",
    "Read a product as shoppers see it": "查看顾客所见的商品",
    "Write off units of a SKU": "登记规格报损",
    "List the entries of a SKU's stock ledger, newest first": "列出规格的库存流水，最新在前",
    "Report the turnover and wastage of the stock over a period": "查看一段时间的库存周转与损耗",
    "Add a pickup point": "添加自提点",
    "List pickup points, newest first": "列出自提点，最新在前",
    "Read a pickup point": "查看自提点",
    "Change a pickup point": "修改自提点",
    "Draft a campaign": "起草团购活动",
    "List campaigns, newest first": "列出团购活动，最新在前",
    "Read a campaign": "查看团购活动",
    "Change what a campaign's status allows": "修改团购活动当前状态允许的内容",
    "Announce a draft; it opens at its time, or at once": "发布草稿；按时或立即开始",
    "Draft a campaign with the terms and prices of another, whatever became of that":
        "按另一活动的条款与价格起草活动",
    "Put more of an offer on sale in a campaign that is scheduled or open": "为待开始或进行中的活动增加商品数量",
    "Close an open campaign now; its target is decided as at its hour, but a miss does not extend it":
        "立即截止进行中的活动；照常判定成团目标，未达成也不延期",
    "Cancel a campaign before its close and release its orders": "在截止前取消活动并释放订单",
    "Read a campaign's units, members and revenue so far, against target and goal":
        "查看活动至今的件数、人数与金额及目标进度",
    "List the campaigns that are open or coming, the next to close first, with live progress":
        "列出进行中和即将开始的活动及实时进度，最先截止在前",
    "Read a published campaign with live progress": "查看已发布的活动及实时进度",
    "Set up a recurring campaign in the brand's local time": "按品牌当地时间设置周期活动",
    "List recurring campaigns, newest first": "列出周期活动，最新在前",
    "Read a recurring campaign with its next openings": "查看周期活动及接下来的场次",
    "Change, pause or resume a recurring campaign": "修改、暂停或恢复周期活动",
    "End a recurring campaign; what it made stays": "结束周期活动；已生成的活动保留",
    "Price a basket": "为购物篮报价",
    "Place an order, exactly once for each Idempotency-Key": "下单，每个 Idempotency-Key 仅一次",
    "List my orders, newest first": "列出我的订单，最新在前",
    "Read one of my orders": "查看我的一个订单",
    "Cancel one of my orders, until the campaign closes": "在活动截止前取消我的订单",
    "List the refunds of one of my orders": "列出我的订单的退款",
    "List orders, newest first": "列出订单，最新在前",
    "Read an order": "查看订单",
    "List the refunds of an order; its leader pays those in cash out": "列出订单的退款；现金退款由团长支付",
    "Hand an order over at its pickup point, or a part of it, against its code":
        "在自提点凭取货码交付订单或其中一部分",
    "Change what is in one of my orders, or where it is handed over, until the campaign closes":
        "在活动截止前修改我的订单内容或交付地点",
    "List what happened to one of my orders": "列出我的订单的记录",
    "Draw the pickup code of one of my orders as a QR code": "生成我的订单取货码的二维码",
    "Take units out of an order after the lock, and refund them": "锁定后减少订单商品并退款",
    "List what happened to an order, and who did it": "列出订单的记录与操作人",
    "Confirm that a refund was paid out in cash at the pickup point": "确认已在自提点以现金支付退款",
    "Show what waits at a pickup point for whoever says a code": "凭取货码查看自提点的待取包裹",
    "Hand over what waits for whoever says a code, one order or several": "凭取货码交付一个或多个待取订单",
    "Price a basket for a member who calls": "为来电会员报价",
    "Place an order for a member who calls, exactly once for each Idempotency-Key":
        "为来电会员下单，每个 Idempotency-Key 仅一次",
    "Change an order for a member who calls, until the campaign closes": "在活动截止前为来电会员修改订单",
    "Cancel an order for a member who calls, until the campaign closes": "在活动截止前为来电会员取消订单",
    "Move an order to another place after the cutoff, until it is handed over": "截单后、交付前变更订单的交付地点",
    "List the refunds that are still to be paid out in cash, the longest due first":
        "列出待以现金支付的退款，最早的在前",
    "List the refunds that a pickup point still has to pay out in cash; its leader pays them":
        "列出自提点待以现金支付的退款，由团长支付",
    "List the teams of a campaign that still form, the next to end first": "列出活动中正在拼的团，最先结束在前",
    "Read a team: how many have joined, and until when": "查看拼团：已参团人数与截止时间",
    "List all teams of a campaign with their members, newest first": "列出活动的全部拼团及团员，最新在前",
    "Give money of an order back by goodwill, with a reason": "说明原因，对订单进行善意退款",
    "Read when returns are paid back, and who may give back how much by goodwill":
        "查看退货退款时间及各角色的善意退款上限",
    "Set when returns are paid back, and who may give back how much by goodwill":
        "设置退货退款时间及各角色的善意退款上限",
    "Pay what one of my orders wants now, once for each Idempotency-Key":
        "支付我的订单当前应付金额，每个 Idempotency-Key 仅一次",
    "List the payments of one of my orders": "列出我的订单的支付",
    "List the payments of an order": "列出订单的支付",
    "List payments that a person should look at, newest first": "列出需人工处理的支付，最新在前",
    "Read a payment": "查看支付",
    "Accept a payment that came in another amount than was asked": "确认收下金额与应付不符的款项",
    "Dismiss a payment from the list of those to look at, with a note": "备注后将支付移出待处理列表",
    "Have declined refunds through a payment tried once more": "重试被拒绝的退款",
    "Take a signed message from a payment provider": "接收支付渠道的签名通知",
    "List my payment providers": "列出我的支付渠道",
    "Read my Stripe account, without its keys": "查看我的 Stripe 账户，不含密钥",
    "Set up Stripe with my own account": "用自己的账户开通 Stripe",
    "Take no more payments with my Stripe account": "停止使用我的 Stripe 账户收款",
    "Read my WeChat Pay account, without its keys": "查看我的微信支付账户，不含密钥",
    "Set up WeChat Pay with my own account": "用自己的账户开通微信支付",
    "Take no more payments with my WeChat Pay account": "停止使用我的微信支付账户收款",
    "Read how the test provider is set up": "查看测试支付渠道的设置",
    "Set rates for the test provider, where there is one": "设置测试支付渠道的费率",
    "Read a locked campaign's frozen purchase list": "查看已成团活动的采购单",
    "Freeze the purchase list again": "重新生成采购单",
    "Buy more than was ordered, to reach a minimum": "为达到起订量而多采购",
    "Record what came from a supplier": "登记供应商到货",
    "List a campaign's receipts, newest first": "列出活动的收货单，最新在前",
    "Read how far a locked campaign's supply has come": "查看已成团活动的到货进度",
    "Move a locked campaign on: bought, received, sorted, at the pickup points, handed over":
        "推进已成团的活动：采购、收货、分拣、到自提点、交付",
    "Add a supplier": "添加供应商",
    "List suppliers, newest first": "列出供应商，最新在前",
    "Read a supplier": "查看供应商",
    "Change a supplier, archive it or take it back": "修改、归档或恢复供应商",
    "List what a supplier delivers, and its terms": "列出供应商的供货及条款",
    "Agree a supplier's terms for a SKU": "约定供应商对某规格的供货条款",
    "End a supplier's terms for a SKU": "终止供应商对某规格的供货条款",
    "Read who gets what at each pickup point of a locked campaign": "查看已成团活动各自提点的分拣单",
    "List the pickup points that I lead": "列出我负责的自提点",
    "List the campaigns that hand over at my pickup point, newest first": "列出在我的自提点交付的活动，最新在前",
    "List the orders that are collected at my pickup point, newest first": "列出在我的自提点取货的订单，最新在前",
    "Read who gets what at my pickup point": "查看我的自提点的分拣单",
    "Write a survey": "编写问卷",
    "List surveys, newest first": "列出问卷，最新在前",
    "Show a survey": "查看问卷",
    "Change or archive a survey": "修改或归档问卷",
    "List a survey's invitations and answers, newest first": "列出问卷的邀请与回答，最新在前",
    "Show the satisfaction over all answers of a survey": "查看问卷全部回答的满意度",
    "List my invitations that wait for an answer": "列出待我回答的问卷邀请",
    "Show a survey to whoever has its link": "凭链接查看问卷",
    "Answer a survey, once": "回答问卷，仅一次",
    "Open a complaint": "提交投诉",
    "List my complaints, newest first": "列出我的投诉，最新在前",
    "Show one of my complaints": "查看我的一个投诉",
    "List complaints: those in work before the resolved, newest first": "列出投诉：处理中的在前，最新在前",
    "Show a complaint with its history": "查看投诉及其记录",
    "Work on a complaint: judge, assign, note": "处理投诉：定级、分配、备注",
    "Resolve a complaint and tell the member": "解决投诉并告知会员",
    "Read which words and amounts make a complaint how urgent and important":
        "查看按词语和金额判定投诉紧急与重要程度的规则",
    "Set which words and amounts make a complaint how urgent and important":
        "设置按词语和金额判定投诉紧急与重要程度的规则",
    "Ask to return, exchange or repair what I collected": "申请退货、换货或维修已取的商品",
    "List my after-sale cases, newest first": "列出我的售后单，最新在前",
    "Show one of my after-sale cases": "查看我的一个售后单",
    "Withdraw one of my after-sale cases": "撤回我的售后单",
    "List after-sale cases: those in work before the ended, newest first": "列出售后单：处理中的在前，最新在前",
    "Show a case with its photos and history": "查看售后单及其照片与记录",
    "Hand a case on to somebody else": "将售后单转交他人",
    "Show what a decision may pay back, and the decision once made": "查看可退金额及已做出的处理结果",
    "Approve with or without a refund, or reject": "通过（可退款）或拒绝售后申请",
    "Pay back units of an exchange that were not replaced": "将未换出的换货商品改为退款",
    "Take goods back, on the shelf or written off; money that waits for them goes back":
        "登记退回商品入库或报损，并退还待退款项",
    "Close a case that is worked off": "完结已处理的售后单",
    "List the accounts that were ever moved, by name, with their balances": "按名称列出有过变动的账户及余额",
    "Read what became of all money that customers paid, by the accounts": "按账户查看顾客所付款项的去向",
    "List journals, newest first; as a table the first 5,000, oldest first":
        "列出记账凭证，最新在前；表格为最早的 5,000 条",
    "Note cash that a leader collected at pickup and handed in": "登记团长上交的取货现金",
    "Look at a leader's or supplier's account over some days, as it now stands": "查看团长或供应商某段时间的当前账目",
    "List a party's frozen statements, the latest period first": "列出结算对象的对账单，最近账期在前",
    "Freeze the statement of a period that is over": "生成已结束账期的对账单",
    "Read a frozen statement": "查看对账单",
    "Note a payment on a frozen statement, at most what is owed": "在对账单上登记付款，不超过应付金额",
    "List my statements as a leader, the latest period first": "列出我作为团长的对账单，最近账期在前",
    "Read one of my statements as a leader": "查看我作为团长的一张对账单",
    "Read what I am owed as a leader, what is still frozen, and the cash that I have to hand in":
        "查看我作为团长的应得、冻结金额与待上交现金",
    "List what I earn as a leader, order by order, the latest handover first":
        "按订单列出我作为团长的佣金，最近交付在前",
    "Read what a campaign has earned by the books, and what is still outstanding": "按账簿查看活动收益及未结项目",
    "Settle a completed campaign of which nothing is outstanding": "结算已完成且无未结项目的活动",
    "Import a CSV file in the background": "在后台导入 CSV 文件",
    "Start an import whose file was uploaded": "启动已上传文件的导入",
    "Write all orders of a filter into a file, in the background": "在后台将筛选出的订单全部导出为文件",
    "Roll up a range of days again": "重新汇总一段日期",
    "Read a report": "查看报表",
    "Ask for the codes that change my e-mail or phone number": "获取更改我的邮箱或手机号的验证码",
    "Ask for the codes that change my e-mail, as staff": "团队成员获取更改本人邮箱的验证码",
    "Change a member's e-mail or phone number with the code that the member was sent":
        "凭会员收到的验证码更改其邮箱或手机号",
    "Change my e-mail or phone number with both codes": "凭新旧两个验证码更改我的邮箱或手机号",
    "Change my e-mail with both codes, as staff": "团队成员凭新旧两个验证码更改本人邮箱",
    "Compare products side by side": "并排比较商品",
    "Count a store's products by category, brand, origin, line and tag":
        "按分类、品牌、产地、产品线和标签统计店铺商品数",
    "End all tokens of a member, who may sign in again": "使会员的所有令牌失效，会员可重新登录",
    "End all tokens of a staff member, who may sign in again": "使团队成员的所有令牌失效，其可重新登录",
    "Exchange my token, while it is valid, for a fresh one": "在令牌有效期内换取新令牌",
    "Give an API key a new secret, shown once": "为 API 密钥更换内容，仅显示一次",
    "List members, latest joined first, or search them": "列出会员（最近加入的在前），或搜索会员",
    "List products": "列出商品",
    "Send a code to the new e-mail or phone number of a member who has lost the old one":
        "向失去原邮箱或手机号的会员的新邮箱或手机号发送验证码",
    "Sign out everywhere: end all my tokens": "在所有设备上退出登录：使我的所有令牌失效",
    "Take over an API key": "接管 API 密钥",
}  # fmt: skip

PAGE_ZH: Mapping[str, str] = {
    "needed": "必填", "field": "字段", "type": "类型", "Routes": "接口", "errors": "错误",
    "All error codes": "全部错误代码",
    "Parameters": "参数", "name": "名称", "in": "位置", "Body": "请求体", "Example": "示例", "Answers": "应答",
    "Answer": "应答", "Error codes": "错误代码", "code": "代码", "status": "状态", "meaning": "含义",
    "The same as": "机器可读版本：",
}  # fmt: skip
"""The words of the page itself, by the English ones in its template."""


@cache
def descriptions() -> Mapping[str, str]:
    """What routes, types and fields are said to be, read when a Chinese document is first asked for."""
    found: dict[str, str] = json.loads(Path(__file__).with_name("descriptions_zh.json").read_text(encoding="utf-8"))
    return found
