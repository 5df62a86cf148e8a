//! Words of printed sheets: notices, cards, slips, passbook lines.

catalogue! {
    print_slip_title { zh: "绿币爱心超市 兑换凭条", en: "GreenCoin love supermarket receipt" }
    print_slip_sign { zh: "领取人签字（按手印）：________", en: "Received by (signature): ________" }
    print_card_village(no) { zh: "村编号 {no}", en: "Village no. {no}" }
    print_card_household { zh: "户号", en: "Household" }
    print_card_hint { zh: "凭卡兑换，丢失请立即找村文书挂失", en: "Show this card to redeem. Lost? Tell the village clerk at once" }
    notice_compiled { zh: "待核对发布", en: "compiled" }
    notice_published { zh: "公示中", en: "published" }
    notice_closed { zh: "期满", en: "closed" }
    notice_taken_down { zh: "已撤下", en: "taken down" }
    notice_compile { zh: "编制公示表", en: "Put a sheet together" }
    notice_waiting(count) { zh: "待公示{count}条。", en: "{count} awards wait for a sheet." }
    notice_title { zh: "标题", en: "Heading" }
    notice_title_of(day) { zh: "{day} 积分公示", en: "Points notice of {day}" }
    notice_days { zh: "公示天数", en: "Days" }
    notice_days_hint { zh: "不填则按细则，最少5天。", en: "Left empty, as the rules say; five at least." }
    notice_all { zh: "公示表", en: "Sheets" }
    sheet_number(no) { zh: "{no}号", en: "No. {no}" }
    notice_no(no) { zh: "公示{no}号", en: "Notice no. {no}" }
    notice_compiled_said(no, lines) { zh: "公示{no}号已编好，共{lines}条，等第二人核对发布。", en: "Notice no. {no} with {lines} lines waits for a second person." }
    notice_open { zh: "看公示表", en: "Open the notice" }
    notice_place { zh: "张贴处", en: "Where it hangs" }
    notice_board(place) { zh: "{place}公示栏", en: "Notice board, {place}" }
    notice_term { zh: "公示期", en: "Term" }
    calendar_days(days) { zh: "{days}个自然日", en: "{days} days" }
    working_days(days) { zh: "{days}个工作日", en: "{days} working days" }
    whole_village { zh: "全村", en: "the whole village" }
    some_household { zh: "某户（不公开）", en: "a household (not named)" }
    notice_published_at { zh: "发布", en: "Published" }
    notice_closes_at { zh: "期满", en: "Ends" }
    notice_compiled_by { zh: "编制人", en: "Compiled by" }
    notice_published_by { zh: "核对发布人", en: "Published by" }
    notice_digest { zh: "公示表摘要", en: "Digest of the sheet" }
    ledger_head { zh: "账本校验头", en: "Head of the ledger" }
    notice_print { zh: "打印公示表", en: "Print the sheet" }
    notice_needs_second { zh: "要由另一个人核对后发布。", en: "Another person checks and publishes it." }
    notice_chat { zh: "发到微信群的文字（已隐名）", en: "Text for the chat group (names masked)" }
    notice_until(until) { zh: "公示至 {until}", en: "until {until}" }
    notice_how_to_object { zh: "如有异议，请在公示期内向村文书、村务监督委员会提出，或投意见箱；可署名、可请人代写、可匿名。", en: "Anyone may object while it hangs: to the clerk, to the supervision committee, or through the paper box; by name, through somebody else, or unnamed." }
    notice_withdraw { zh: "撤回（未发布）", en: "Withdraw before publication" }
    notice_withdrawn { zh: "已撤回，条目回到待公示。", en: "Withdrawn; its lines wait for another sheet." }
    notice_take_down { zh: "撤下", en: "Take down" }
    notice_taken_down_said { zh: "已撤下，记录保留。", en: "Taken down; the record stays." }
    notice_publish { zh: "核对无误，发布", en: "Checked: publish" }
    notice_publish_hint { zh: "发布后开始计时；额度不够时整张不能发布。", en: "Its clock starts now. A sheet beyond the budget is refused whole." }
    notice_published_said(until) { zh: "已发布，公示至 {until}。", en: "Published, until {until}." }
    print_hint { zh: "用浏览器的打印功能，每组一张。", en: "Print from the browser, one sheet a group." }
    print_notice_heading(no) { zh: "绿币积分公示（第{no}号）", en: "Green-coin notice no. {no}" }
    print_place(place) { zh: "张贴处：{place}。", en: "It hangs at: {place}." }
    print_term(term) { zh: "公示期{term}。", en: "Term: {term}." }
    print_from_to(from, to) { zh: "自 {from} 至 {to}。", en: "From {from} to {to}." }
}
