//! Words of the volunteer's record: its page, papers of it, requests to put hours right, files for the national system.

use super::refusal::RefusalWords;

catalogue! {
    time_record_title(name) { zh: "{name}的志愿服务记录", en: "Volunteer record of {name}" }
    time_record_link { zh: "志愿服务记录与证明", en: "Volunteer record and certificates" }
    time_record_volunteer { zh: "志愿者编号", en: "Volunteer number" }
    time_record_lives { zh: "居住地", en: "Lives in" }
    time_record_born { zh: "出生年份", en: "Year of birth" }
    time_record_phone { zh: "联系电话", en: "Phone" }
    time_record_skills { zh: "服务技能", en: "Skills" }
    time_record_unit { zh: "记录单位", en: "Recording unit" }
    time_record_in_charge { zh: "负责人", en: "Person in charge" }
    time_record_total { zh: "累计服务时间", en: "Time of service in all" }
    time_record_services { zh: "服务情况", en: "Services" }
    time_record_no_services { zh: "还没有入账的服务。", en: "No service is posted yet." }
    time_record_day { zh: "服务日期", en: "Day" }
    time_record_what { zh: "活动内容", en: "What" }
    time_record_where { zh: "地点", en: "Where" }
    time_record_time { zh: "服务时间", en: "Time" }
    time_record_rated(stars) { zh: "评价{stars}分", en: "rated {stars} of 5" }
    time_record_late(day) { zh: "超过10个工作日才记录（{day}）", en: "recorded after more than ten working days ({day})" }
    time_record_changed { zh: "已更正", en: "put right" }
    time_record_undone { zh: "已冲正", en: "undone" }
    time_record_merits { zh: "培训与表彰", en: "Trainings and commendations" }
    time_record_no_merits { zh: "没有培训和表彰记录。", en: "None on record." }
    time_record_merit_enter { zh: "登记培训或表彰", en: "Enter a training or a commendation" }
    time_record_merit_kind { zh: "类别", en: "Which" }
    time_record_merit_name { zh: "名称", en: "Name" }
    time_record_merit_content { zh: "内容", en: "What about" }
    time_record_merit_minutes { zh: "培训时长（分钟）", en: "Minutes of training" }
    time_record_merit_grantor { zh: "举办或授予单位", en: "Held or granted by" }
    time_record_merit_day { zh: "日期", en: "Day" }
    time_record_merit_paper { zh: "凭据编号", en: "Number of the paper" }
    time_record_merit_hint { zh: "另一人看过凭据后才进入记录。", en: "It stands in the record once another person has seen the paper." }
    time_record_agree { zh: "看过凭据，同意", en: "Seen the paper, agreed" }
    time_record_disagree { zh: "不予记录", en: "Not on record" }
    time_record_done { zh: "已保存。", en: "Saved." }
    time_paper_title { zh: "志愿服务记录证明", en: "Volunteer certificates" }
    time_paper_issue { zh: "开具", en: "Issue" }
    time_paper_issue_hint { zh: "免费。可以自己打印；没有手机的请文书打印。日期留空就是全部。", en: "Free. Print it yourself, or have it printed at the desk. Days left empty: everything." }
    time_paper_issued(no) { zh: "已开具第{no}号。", en: "Issued as no. {no}." }
    time_paper_none { zh: "还没有开具过。", en: "None issued yet." }
    time_paper_from { zh: "从哪天", en: "From" }
    time_paper_to { zh: "到哪天", en: "To" }
    time_paper_platform { zh: "志愿服务平台记录", en: "Platform record of volunteer service" }
    time_paper_proof { zh: "志愿服务记录证明", en: "Certificate of volunteer service" }
    time_paper_platform_why { zh: "所列服务还没有全部同步到全国志愿服务信息系统，所以称平台记录。", en: "The national system does not know all of these services yet: it is called a platform record." }
    time_paper_no(no) { zh: "编号 {no}", en: "No. {no}" }
    time_paper_day { zh: "出具日期", en: "Issued on" }
    time_paper_handler { zh: "经办人", en: "Handed out by" }
    time_paper_self { zh: "本人自助打印", en: "printed by the volunteer" }
    time_paper_span { zh: "服务期间", en: "Services from — to" }
    time_paper_says(name, count, time) { zh: "{name}在上述期间参加志愿服务{count}次，服务时间合计{time}。", en: "{name} served {count} times in this span, {time} in all." }
    time_paper_check { zh: "扫码查验：与账簿是否一致、有没有更正，不用登录。", en: "Scan to check, without signing in: whether the book still says so, and what was put right since." }
    time_paper_name { zh: "姓名", en: "Name" }
    time_paper_public { zh: "查验页", en: "Public page" }
    time_paper_minutes { zh: "证明上的时间", en: "Time on the paper" }
    time_paper_minutes_now { zh: "账簿现在的时间", en: "Time in the book now" }
    time_paper_count { zh: "服务次数", en: "Services" }
    time_paper_digest { zh: "内容摘要", en: "Digest of the contents" }
    time_paper_proof_link { zh: "账簿存在证明", en: "Proof that it stands in the log" }
    time_right_title { zh: "时长更正", en: "Corrections of hours" }
    time_right_hint { zh: "由另一人在10个工作日内核查。有错的冲正后按对的重记，不改原记录。", en: "Another person looks within ten working days. What was wrong is undone and what is right posted; no entry is edited." }
    time_right_ask { zh: "申请更正", en: "Ask for a correction" }
    time_right_wanted { zh: "应为多少分钟", en: "Minutes that would be right" }
    time_right_reason { zh: "理由", en: "Why" }
    time_right_asked(no) { zh: "已提出，更正{no}号，10个工作日内答复。", en: "Asked as no. {no}: answered within ten working days." }
    time_right_none { zh: "没有。", en: "None." }
    time_right_no(no) { zh: "更正{no}号", en: "Correction no. {no}" }
    time_right_was { zh: "原记录", en: "On record" }
    time_right_due(day) { zh: "{day}前答复", en: "answered by {day}" }
    time_right_late { zh: "已超期", en: "late" }
    time_right_right { zh: "核定为多少分钟", en: "Minutes that are right" }
    time_right_words { zh: "核查结论", en: "What was found" }
    time_right_correct { zh: "更正", en: "Put right" }
    time_right_refuse { zh: "不予更正", en: "Refuse" }
    time_right_corrected { zh: "已更正：冲正并重新入账。", en: "Put right: undone and posted anew." }
    time_right_refused { zh: "已答复：不予更正。", en: "Answered: the record stands." }
    time_right_postings { zh: "账簿记录", en: "In the book" }
    time_file_title { zh: "报送全国系统", en: "National system" }
    time_file_hint { zh: "每条入账的服务都要报送；全部被接收后，新开的平台记录才叫证明。", en: "Every posted service goes there. Once all of somebody's are accepted, their papers are called certificates." }
    time_file_oldest(day, due) { zh: "最早一条：{day}的服务，应在{due}前报送。", en: "The oldest: of {day}, due by {due}." }
    time_file_overdue { zh: "已超过10个工作日", en: "more than ten working days old" }
    time_file_nothing { zh: "没有待报送的服务。", en: "Nothing waits." }
    time_file_make { zh: "生成报送文件", en: "Make the next file" }
    time_file_again { zh: "被退回的也重报", en: "those that were refused as well" }
    time_file_made(no, lines) { zh: "已生成第{no}号文件，{lines}条。", en: "File no. {no} with {lines} services." }
    time_file_files { zh: "报送文件", en: "Files" }
    time_file_file(no) { zh: "第{no}号文件", en: "File no. {no}" }
    time_file_lines(count) { zh: "{count}条", en: "{count} services" }
    time_file_csv { zh: "下载 CSV", en: "Download CSV" }
    time_file_json { zh: "下载 JSON", en: "Download JSON" }
    time_file_answer { zh: "录入回执", en: "Enter the answer" }
    time_file_answer_hint { zh: "每行：序号,接收或退回,全国系统编号,退回原因。同一回执录两次不会变。", en: "One line each: place, accepted or refused, number, reason. The same answer twice changes nothing." }
    time_file_answered(count) { zh: "录入{count}条回执。", en: "{count} answers entered." }
    time_file_foreign { zh: "全国系统编号", en: "Number there" }
    time_file_unit { zh: "记录单位和负责人", en: "Who keeps the record" }
    time_file_unit_say { zh: "保存记录单位", en: "Save" }
    time_file_waiting_merits { zh: "待复核的培训与表彰", en: "Trainings and commendations to be seen" }
}

/// Codes of this area.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "time_certificate_empty",
        "这段时间没有入账的服务，不能开具。",
        "No service is posted in this span: there is nothing to certify.",
    ),
    (
        "time_certificate_long",
        "一张最多列{limit}次服务，请缩短起止日期。",
        "A paper lists {limit} services at most: choose a shorter span.",
    ),
    (
        "time_correction_award",
        "这些时长是随加分一起公示入账的，有错请文书按加减分冲正，不在这里更正。",
        "These hours came with points from a notice: the clerk has that award undone, they are not put right here.",
    ),
    (
        "time_correction_undone",
        "这次服务已经冲正，没有可更正的时长。",
        "This service was undone: no hours of it are left to put right.",
    ),
    ("time_correction_same", "记录的就是{minutes}分钟。", "The record says {minutes} minutes already."),
    (
        "time_correction_range",
        "更正后的时长要在0到{minutes}分钟之间：订单当时只预留了这么多。",
        "Between none and {minutes} minutes: the order put no more aside.",
    ),
    (
        "time_correction_quarter",
        "时长按{quarter}分钟一档，最少{least}分钟。",
        "Time goes by steps of {quarter} minutes, {least} at least.",
    ),
    (
        "time_correction_drawn",
        "要收回{minutes}分钟，账户只剩{available}分钟，另外{missing}分钟已经支取或赠出，收不回来。",
        "{minutes} minutes would be taken back, the account has {available}: the other {missing} were drawn or given away and cannot be taken back.",
    ),
    (
        "time_correction_payer",
        "重新入账要由原支付方先付{minutes}分钟，它现在只有{available}分钟。",
        "Posting anew takes {minutes} minutes from whoever paid, who has {available} now.",
    ),
    (
        "time_unit_unsaid",
        "请先写明记录单位和负责人，报送文件要用。",
        "Say first who keeps the record and who is in charge: the file must tell.",
    ),
    ("time_file_empty", "没有要报送的服务。", "Nothing waits to be handed over."),
    ("time_file_line", "文件里没有第{place}条。", "The file has no line {place}."),
    (
        "time_file_answered",
        "第{place}条已有不同的回执，整份没有录入。",
        "Line {place} has another answer already: nothing of this was entered.",
    ),
    (
        "time_reply",
        "第{line}行看不懂，请写：序号,接收或退回,编号,原因。",
        "Line {line} cannot be read: write place, accepted or refused, number, reason.",
    ),
];
