//! Words of the time bank's pages: the household's, the network point's, the arbiters', the township's.

catalogue! {
    time_title { zh: "时间银行", en: "Time bank" }
    time_hint { zh: "服务时长：存入、支取、派单", en: "hours of service: saved, drawn, matched" }
    time_no_policy_here { zh: "本村还没有启用时间银行细则。乡镇启用一份后，就可以约服务。", en: "This village runs no time bank policy yet. Once the township puts one into force, services can be asked for." }
    time_hours_of { zh: "各人时长", en: "Hours" }
    time_saved { zh: "可支取", en: "Free to draw" }
    time_held { zh: "已预留", en: "Put aside" }
    time_earned { zh: "累计服务", en: "Served in all" }
    time_age { zh: "年龄", en: "Age" }
    time_volunteer_no(no) { zh: "志愿者编号 {no}", en: "volunteer no. {no}" }
    time_not_volunteer { zh: "未登记为志愿者", en: "not a volunteer" }
    time_ask { zh: "约服务", en: "Ask for a service" }
    time_ask_phone { zh: "电话代约", en: "Take a request on the phone" }
    time_ask_phone_hint { zh: "老人来电，替他约", en: "somebody calls: ask for them" }
    time_board { zh: "待接订单", en: "Open requests" }
    time_board_hint { zh: "这里姓名打码，接单后才看到是谁家。", en: "Names are masked here: whoever takes one learns whose it is." }
    time_mine { zh: "我家的订单", en: "Our orders" }
    time_find { zh: "查人：户号、姓名或拼音首字母", en: "Find somebody: household number, name, initials" }
    time_find_do { zh: "查找", en: "Find" }
    time_late_new { zh: "补录", en: "Enter from a sheet" }
    time_late_hint { zh: "十个工作日内，凭双方签字单补录，另一人复核后才计时，永久标明补录。", en: "Within ten working days, from a sheet both signed. Another person signs under it before it counts, and it stays marked." }
    time_none { zh: "这里没有订单。", en: "No orders here." }
    time_nobody_found { zh: "没有找到。", en: "Nobody found." }
    time_order_no(no) { zh: "订单 {no} 号", en: "Order no. {no}" }
    time_for { zh: "服务对象", en: "For" }
    time_by { zh: "志愿者", en: "Volunteer" }
    time_who { zh: "给谁约", en: "For whom" }
    time_who_no { zh: "服务对象的人员编号", en: "Number of whoever was served" }
    time_volunteer_person { zh: "志愿者的人员编号", en: "Number of the volunteer" }
    time_what { zh: "什么服务", en: "What" }
    time_day { zh: "哪天", en: "Day" }
    time_from { zh: "几点开始", en: "From" }
    time_long { zh: "多久", en: "How long" }
    time_words { zh: "补充说明", en: "What else there is to say" }
    time_send { zh: "发布", en: "Ask" }
    time_asked(no) { zh: "已发布，订单{no}号，时长已预留。", en: "On the board as no. {no}; the minutes are put aside." }
    time_queued(no) { zh: "已登记，订单{no}号，公共池时长不够，先排队。", en: "Taken as no. {no}: the public pool has too little just now, it waits its turn." }
    time_entered(no) { zh: "已补录，订单{no}号，等另一人复核。", en: "Entered as no. {no}; another person signs under it." }
    time_pays { zh: "由谁支付时长", en: "Whose hours pay" }
    time_pool_pays { zh: "公共池", en: "the public pool" }
    time_nobody_yet { zh: "还没有", en: "nobody yet" }
    time_counted { zh: "计时", en: "Counts" }
    time_pairs { zh: "签到签退", en: "Check-ins" }
    time_pair_open { zh: "还没签退", en: "not out yet" }
    time_pair_dropped { zh: "漏签退，不计", en: "forgotten, counts nothing" }
    time_rating { zh: "评价", en: "Rating" }
    time_rating_of(stars) { zh: "{stars}分", en: "{stars} of 5" }
    time_group { zh: "地点", en: "Where" }
    time_sheet { zh: "补录签字单", en: "Sheet" }
    time_reversed { zh: "已冲正", en: "undone" }
    time_voucher(seq) { zh: "入账第{seq}笔", en: "posted as no. {seq}" }
    time_held_up { zh: "时长还没入账", en: "The hours are not in the account yet" }
    time_call_now { zh: "超过72小时没有确认，请电话回访。", en: "Unconfirmed for more than 72 hours: call them." }
    time_waits_served { zh: "等服务对象确认", en: "waiting for whoever was served" }
    time_waits_volunteer { zh: "等志愿者确认", en: "waiting for the volunteer" }
    time_ask_them { zh: "可以问谁（按顺序）", en: "Whom to ask, in this order" }
    time_no_match { zh: "没有合适的志愿者。可以输入别人的编号，或等人接单。", en: "Nobody fits. Type somebody else's number, or wait until somebody takes it." }
    time_person_no { zh: "人员编号", en: "Person's number" }
    time_take { zh: "接单", en: "Take it" }
    time_take_for { zh: "登记接单", en: "Write down that they take it" }
    time_decline { zh: "婉拒", en: "Says no" }
    time_who_goes { zh: "谁去", en: "Who goes" }
    time_join_first { zh: "要接单，请先在“各人时长”里登记为志愿者。", en: "To take it, join as a volunteer first: see Hours." }
    time_give_back { zh: "退单", en: "Give it back" }
    time_substitute { zh: "换人去", en: "Somebody else goes" }
    time_missed { zh: "志愿者没来", en: "The volunteer did not come" }
    time_away { zh: "服务对象不在", en: "Nobody was there" }
    time_reopen { zh: "重新发布", en: "On the board again" }
    time_cancel { zh: "取消订单", en: "Call it off" }
    time_check_in { zh: "签到", en: "Check in" }
    time_check_out { zh: "签退", en: "Check out" }
    time_check_hint { zh: "扫服务对象的积分卡或手机动态码；没有摄像头就输入码下数字。", en: "Scan the card or live code of whoever is served, or type the digits under it." }
    time_check_word { zh: "电话里报到，网点代记", en: "Told on the phone: write it down" }
    time_check_word_hint { zh: "代记不算双方到场的证明；若确认也都由你代办，要另一人核查后才入账。", en: "That proves nothing by itself; if you confirm for both as well, another person looks into it before it counts." }
    time_forget { zh: "漏签退，这段不计", en: "Check-out forgotten: drop it" }
    time_confirm_done { zh: "志愿者确认做完", en: "The volunteer confirms" }
    time_confirm_served { zh: "服务对象确认", en: "Whoever was served confirms" }
    time_remark { zh: "评语（可不填）", en: "A remark (optional)" }
    time_confirm { zh: "确认", en: "Confirm" }
    time_dispute { zh: "有争议", en: "Dispute it" }
    time_reason { zh: "原因", en: "Why" }
    time_call { zh: "回访结果", en: "What the call found" }
    time_decide { zh: "裁定", en: "Decide" }
    time_part { zh: "部分计入：几分钟", en: "In part: how many minutes" }
    time_decide_words { zh: "核查情况", en: "What was found" }
    time_countersign { zh: "核对无误，签字", en: "It is right: sign" }
    time_reject { zh: "不予补录", en: "It is not" }
    time_allow { zh: "乡镇同意这一天超过8小时", en: "The township answers for more than eight hours that day" }
    time_done_said(state) { zh: "已记下，现在：{state}。", en: "Noted. It is now: {state}." }
    time_life { zh: "经过", en: "What happened" }
    time_person_title(name) { zh: "{name}的时长", en: "Hours of {name}" }
    time_join { zh: "登记为志愿者", en: "Join as a volunteer" }
    time_renew { zh: "更新志愿者登记", en: "Renew what is known" }
    time_well { zh: "本人声明身体状况适合服务", en: "Declares to be well enough to serve" }
    time_insured { zh: "保险有效到", en: "Insured until" }
    time_trained { zh: "参加护理培训的日期", en: "Trained for care on" }
    time_guardian { zh: "未成年人：监护人编号", en: "A minor: the guardian's number" }
    time_brim { zh: "超过存储上限的时长", en: "Hours beyond the cap" }
    time_brim_ask { zh: "到时再选", en: "choose when it comes" }
    time_offers { zh: "能提供的服务", en: "What they offer" }
    time_offer { zh: "增加一项", en: "Offer a service" }
    time_weekdays { zh: "星期几有空", en: "Free on" }
    time_until { zh: "到几点", en: "until" }
    time_offer_end { zh: "撤下", en: "Take back" }
    time_need { zh: "需要程度（公共池）", en: "Need, for the public pool" }
    time_need_hint { zh: "核实后勾选；只存得分和是否符合，不存原因。年龄系统已知。", en: "Tick what was verified; only a score and a yes or no are kept. Age is known." }
    time_need_yes(score) { zh: "可由公共池服务，需要得分{score}", en: "served by the pool, score {score}" }
    time_need_no(score) { zh: "不由公共池服务，需要得分{score}", en: "not served by the pool, score {score}" }
    time_gifts { zh: "赠与和捐赠", en: "Gifts and donations" }
    time_gift { zh: "赠与亲属", en: "Give to a relative" }
    time_gift_hint(days) { zh: "{days}天内可以撤回，之后归对方。", en: "It can be taken back for {days} days; then it is theirs." }
    time_gift_to { zh: "给谁", en: "To whom" }
    time_gift_none { zh: "登记过的亲属里没有可以赠与的人。", en: "No relative of the register can receive." }
    time_gift_back { zh: "撤回", en: "Take back" }
    time_donate { zh: "捐入公共池", en: "Give to the public pool" }
    time_donate_hint { zh: "捐了不能收回，给困难老人用。", en: "For good: it serves those in need." }
    time_minutes { zh: "分钟", en: "Minutes" }
    time_asked_for { zh: "约过的服务", en: "Services asked for" }
    time_served { zh: "做过的服务", en: "Services given" }
    time_person_saved { zh: "已记下。", en: "Noted." }
    time_estates { zh: "时长继承", en: "Inheritance of hours" }
    time_estates_hint { zh: "志愿者去世后，账户冻结。时长归生前书面指定或继承人协商一致的配偶、直系亲属，要两个人办；到期没人继承，归公共池。", en: "When a volunteer has died the account is frozen. The hours go to husband, wife or lineal kin, named in writing beforehand or agreed by the heirs, under two names; what nobody inherits in time goes to the public pool." }
    time_estates_none { zh: "没有待办的继承。", en: "Nothing is to be inherited." }
    time_estate_open { zh: "登记去世，冻结账户", en: "Write down a death, freeze the account" }
    time_estate_open_hint { zh: "先在户口变动里办好离户。", en: "End the membership in the register first." }
    time_estate_died { zh: "去世日期", en: "Died on" }
    time_estate_notice { zh: "凭据（死亡证明编号等）", en: "The paper that says so" }
    time_estate_heir { zh: "继承人", en: "Heir" }
    time_estate_ground { zh: "依据", en: "On what ground" }
    time_estate_paper { zh: "书面凭据（编号、存放处）", en: "The paper: its number, where it is kept" }
    time_estate_draw { zh: "拟定继承人，交第二人复核", en: "Draw up, for a second person" }
    time_estate_agree { zh: "同意，划转时长", en: "Agree: the hours go over" }
    time_estate_decline { zh: "退回", en: "Send back" }
    time_estate_why { zh: "退回的理由", en: "Why" }
    time_estate_no_heirs { zh: "花名册里没有登记过的配偶或直系亲属。先登记亲属关系，或等到期归公共池。", en: "The register knows no husband, wife or lineal kin: write the tie down first, or the pool has it when the days are over." }
    time_estate_holds(hours, day) { zh: "账户内{hours}，{day}起归公共池", en: "{hours} in the account; the public pool's from {day} on" }
    time_estate_to_heir { zh: "归继承人", en: "to the heir" }
    time_estate_to_pool { zh: "归公共池", en: "to the public pool" }
    time_estate_honour { zh: "记荣誉", en: "for honour" }
    time_estate_opened { zh: "已登记，账户已冻结。", en: "Written down; the account is frozen." }
    time_estate_drawn { zh: "已拟定，等第二人复核。", en: "Drawn up; a second person has to agree." }
    time_estate_settled { zh: "已划转。", en: "The hours went over." }
    time_estate_declined { zh: "已退回。", en: "Sent back." }
    time_clearing { zh: "跨村清算", en: "Clearing between villages" }
    time_clearing_hint { zh: "一小时对一小时。每月两边各出一张对账单，由另一人确认；有异议的，十五个工作日内处理。", en: "Hour for hour. Each side draws up a statement of the month and a second person confirms it; a dispute is settled within fifteen working days." }
    time_clearing_net(net) { zh: "接入减转出：{net}", en: "taken over less given: {net}" }
    time_clearing_line(sent, received) { zh: "转出{sent}，接入{received}", en: "{sent} given, {received} taken over" }
    time_clearing_with(no) { zh: "与{no}号村", en: "With village {no}" }
    time_clearing_none { zh: "这个月没有跨村往来。", en: "Nothing moved between villages in this month." }
    time_clearing_draw { zh: "出对账单", en: "Draw up the statements" }
    time_clearing_confirm { zh: "确认无误", en: "Confirm" }
    time_clearing_dispute { zh: "提出异议", en: "Dispute" }
    time_clearing_wrong { zh: "哪里不对", en: "What is wrong" }
    time_clearing_settle_by(day) { zh: "{day}前处理", en: "to be settled by {day}" }
    time_clearing_outcome { zh: "核对结果", en: "What was found" }
    time_clearing_resolve { zh: "异议处理完毕", en: "Settle the dispute" }
    time_elsewhere { zh: "用外村时长约服务", en: "Ask with hours of another village" }
    time_elsewhere_hint { zh: "本人在那边存的时长，一小时抵一小时转到这边用，只转缺的部分。要扫那边户的卡或动态码。", en: "Hours saved there by the same person come over hour for hour, only what is missing here. The card or the live code of the household there is shown." }
    time_elsewhere_here { zh: "本村人员编号", en: "The person's number here" }
    time_elsewhere_day { zh: "哪天", en: "On" }
    time_elsewhere_village { zh: "存时长的村编号", en: "Number of the village of the hours" }
    time_elsewhere_there { zh: "那边的人员编号", en: "The person's number there" }
    time_elsewhere_shown { zh: "那边户的卡号或动态码", en: "Card or live code of the household there" }
    time_policy_title { zh: "时间银行细则", en: "Time bank policy" }
    time_policy_now { zh: "现行细则", en: "In force" }
    time_policy_since(day) { zh: "自{day}起", en: "since {day}" }
    time_policy_adopt { zh: "启用一份细则", en: "Put a policy into force" }
    time_policy_from { zh: "从哪天起", en: "From" }
    time_policy_basis { zh: "依据文件", en: "The decision behind it" }
    time_policy_adopted { zh: "已启用。", en: "In force." }
    time_pool { zh: "公共池", en: "Public pool" }
    time_pool_has(free, held) { zh: "可用{free}，已预留{held}", en: "{free} free, {held} put aside" }
    time_pool_issue { zh: "由资金发放时长到公共池", en: "Issue hours into the pool" }
    time_pool_hours { zh: "几小时", en: "Hours" }
    time_pool_issued { zh: "已发放，排队的订单会按需要程度依次安排。", en: "Issued: what waits is served by need." }
    time_cap(hours) { zh: "存储上限{hours}", en: "at most {hours} saved" }
    time_no_cap { zh: "不设存储上限", en: "no cap on what is saved" }
    time_draw_age(age) { zh: "满{age}岁可支取", en: "drawn from the age of {age}" }
    time_any_age { zh: "不限年龄", en: "drawn at any age" }
    weekday_1 { zh: "周一", en: "Mon" }
    weekday_2 { zh: "周二", en: "Tue" }
    weekday_3 { zh: "周三", en: "Wed" }
    weekday_4 { zh: "周四", en: "Thu" }
    weekday_5 { zh: "周五", en: "Fri" }
    weekday_6 { zh: "周六", en: "Sat" }
    weekday_7 { zh: "周日", en: "Sun" }
}
