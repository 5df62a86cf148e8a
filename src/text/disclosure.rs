//! Words of what everybody may read of the village's money.

catalogue! {
    board_money { zh: "资金公开", en: "The village's money" }
    board_money_hint { zh: "绿币背后的钱：从开账到今天。只公布合计，不公布捐款人和领取人。", en: "The money behind the green coins, since the book was opened. Sums only: nobody who gave or received is named." }
    board_money_in { zh: "收入", en: "What came in" }
    board_money_source { zh: "来源", en: "Source" }
    board_money_yuan { zh: "金额", en: "Amount" }
    board_money_use { zh: "支出与结余", en: "What went out and what is left" }
    board_money_spent { zh: "已兑换和损耗（按成本）", en: "Spent on rewards, and lost, at cost" }
    board_money_left { zh: "账上结余", en: "Left in the funds" }
    board_money_goods { zh: "库存货品（按成本）", en: "Goods on the shelf, at cost" }
    board_money_owed { zh: "应付商户和邻村", en: "Owed to shops and other villages" }
    board_money_points { zh: "未兑换积分", en: "Points not redeemed yet" }
    money_receipt_scan { zh: "扫码核验：不用登录，打开的页面自己验算这笔钱在账本里。", en: "Scan to verify: the page opens without signing in and checks by itself that this money stands in the ledger." }
    money_receipt_kept { zh: "捐赠收据是会计凭证，依法长期保存：捐款人申请删除个人信息时，收据存根保留，公开页面不出现姓名。", en: "A receipt is a voucher that the law has kept: when a donor asks for erasure the stub stays, and no public page names them." }
}
