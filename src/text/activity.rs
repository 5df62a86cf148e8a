//! Words of group activities: the pages, and why something was refused.

use super::refusal::RefusalWords;

catalogue! {
    gathering_title { zh: "集体活动", en: "Group activities" }
    gathering_hint { zh: "报名、签到、按名单记时长", en: "sign up, sign in, hours by list" }
    gathering_mine { zh: "我家报名的活动", en: "What we signed up for" }
    gathering_new { zh: "发布集体活动", en: "Post a group activity" }
    gathering_new_hint { zh: "由另一人批准后才能报名。", en: "Another person approves it before anybody signs up." }
    gathering_none { zh: "这里没有活动。", en: "No activities here." }
    gathering_no(no) { zh: "活动 {no} 号", en: "Activity no. {no}" }
    gathering_name { zh: "活动名称", en: "What it is called" }
    gathering_content { zh: "活动内容", en: "What is done" }
    gathering_place { zh: "地点", en: "Where" }
    gathering_from_day { zh: "哪天开始", en: "First day" }
    gathering_from_time { zh: "几点开始", en: "From" }
    gathering_until_day { zh: "哪天结束", en: "Last day" }
    gathering_until_time { zh: "几点结束", en: "Until" }
    gathering_capacity { zh: "名额", en: "Places" }
    gathering_least_age { zh: "最低年龄", en: "Lowest age" }
    gathering_insured { zh: "参加的人要有保险", en: "those who come must be insured" }
    gathering_trained { zh: "参加的人要先培训", en: "those who come must be trained" }
    gathering_in_charge { zh: "负责人", en: "In charge" }
    gathering_in_charge_no { zh: "负责人的人员编号", en: "Number of whoever is in charge" }
    gathering_places(placed, capacity) { zh: "已报{placed}人，共{capacity}个名额", en: "{placed} of {capacity} places taken" }
    gathering_waiting(people) { zh: "候补{people}人", en: "{people} waiting" }
    gathering_age_from(age) { zh: "{age}岁以上", en: "from {age} on" }
    gathering_posted(no) { zh: "已发布，活动{no}号，等另一人批准。", en: "Posted as no. {no}; another person approves it." }
    gathering_saved { zh: "已办好。", en: "Done." }
    gathering_when { zh: "时间", en: "When" }
    gathering_until(day) { zh: "到{day}", en: "until {day}" }
    gathering_why { zh: "原因", en: "Why" }
    gathering_late(sheet) { zh: "逾期名单，签字单{sheet}", en: "late list, sheet {sheet}" }
    gathering_sign_up { zh: "报名", en: "Sign up" }
    gathering_who { zh: "谁参加", en: "Who comes" }
    gathering_absence_rule(times, days) { zh: "报了名来不了，请在开始前退出。一年内{times}次不来也不退，{days}天内不能再报名。", en: "Withdraw before it begins if you cannot come. Whoever {times} times in a year neither comes nor withdraws cannot sign up for {days} days." }
    gathering_closed_for(name, day) { zh: "{name}多次未到，{day}以前不能报名。", en: "{name} stayed away too often and cannot sign up until {day}." }
    gathering_join_first { zh: "先在时间银行登记为志愿者，才能报名。", en: "Join the time bank as a volunteer first." }
    gathering_list { zh: "名单", en: "The list" }
    gathering_nobody { zh: "还没有人报名。", en: "Nobody has signed up yet." }
    gathering_waits(people) { zh: "候补，前面还有{people}人", en: "waiting, {people} before" }
    gathering_withdrew { zh: "已退出", en: "withdrew" }
    gathering_minor { zh: "未成年", en: "under age" }
    gathering_guardian_there { zh: "监护人已到", en: "the guardian is here" }
    gathering_code_title { zh: "签到码", en: "Code to sign in" }
    gathering_code_hint(time) { zh: "请到场的人在手机上输入。{time}换新码。", en: "Those who are here type it on their phones. Another is shown at {time}." }
    gathering_code_field { zh: "现场显示的六位签到码", en: "The six digits shown there" }
    gathering_arrive { zh: "签到", en: "Sign in" }
    gathering_leave { zh: "签退", en: "Sign out" }
    gathering_times { zh: "登记到场时间", en: "Write down the time" }
    gathering_times_hint { zh: "不填到场时间，就是给已签到的人登记离场时间。", en: "Without a beginning it ends what was signed in." }
    gathering_forgot { zh: "漏签退，不计", en: "forgotten, counts nothing" }
    gathering_still { zh: "还在场", en: "still there" }
    gathering_close { zh: "结束并出名单", en: "Close the list" }
    gathering_close_hint { zh: "名单出来后由另一人签字，签字后时长入账。", en: "Another person signs the list; then the hours are posted." }
    gathering_sheet { zh: "签字单编号（超过补录期限才填）", en: "Number of the sheet, if the days are over" }
    gathering_sample { zh: "抽查", en: "Sample" }
    gathering_sample_hint(number) { zh: "抽查种子来自账本第{number}笔，谁也选不了。请在场的人逐一确认。", en: "The seed is entry no. {number} of the log, which nobody chose. Whoever was there confirms each." }
    gathering_drawn { zh: "抽中", en: "drawn" }
    gathering_seen { zh: "已确认见到", en: "seen" }
    gathering_saw { zh: "见到本人", en: "I saw them" }
    gathering_unseen { zh: "没有见到", en: "Nobody saw them" }
    gathering_sign { zh: "签字记入", en: "Sign" }
    gathering_sign_hint { zh: "签字的人没有经手、不在名单上，也不是名单上人的亲属。", en: "Whoever signs has no part in it, is not on the list and no kin of anybody on it." }
    gathering_refuse { zh: "不签字，不予记入", en: "Do not sign: nothing counts" }
    gathering_approve { zh: "批准", en: "Approve" }
    gathering_decline { zh: "不批准", en: "Do not approve" }
    gathering_cancel { zh: "取消活动", en: "Call it off" }
    gathering_withdraw { zh: "退出", en: "Withdraw" }
    gathering_allow { zh: "同意超时", en: "Allow the long day" }
    gathering_person_no { zh: "人员编号", en: "Person's number" }
    gathering_phone { zh: "电话代报名", en: "Sign somebody up on the phone" }
}

/// Refusals of group activities.
pub(super) const REFUSALS: &[RefusalWords] = &[
    ("time_activity_past", "开始时间要在现在之后。", "It begins after now."),
    (
        "time_activity_length",
        "结束要晚于开始，一个活动最长{days}天。",
        "It ends after it begins, and lasts {days} days at most.",
    ),
    ("time_activity_places", "名额从1到{limit}。", "It has 1 to {limit} places."),
    ("time_activity_ages", "最低年龄从0到{limit}。", "The lowest age is 0 to {limit}."),
    (
        "time_activity_moved_on",
        "这个活动已经走到别的一步，这一步不能办。请重新打开看看。",
        "The activity stands elsewhere by now: this cannot be done to it. Open it again.",
    ),
    (
        "time_activity_attended",
        "已经有人签到，不能取消；请结束并出名单。",
        "People were there already: close the list instead.",
    ),
    ("time_activity_not_listed", "这个人不在名单上。", "This person is not on the list."),
    (
        "time_activity_begun",
        "活动已经开始，不能再报名或退出。",
        "It has begun: nobody signs up or withdraws any more.",
    ),
    ("time_activity_age", "这个活动要满{age}岁。", "This activity is for those of {age} and older."),
    (
        "time_absences",
        "一年内{times}次报名后没来也没退，{until}以前不能报名。",
        "Signed up {times} times in a year and neither came nor withdrew: no signing up until {until}.",
    ),
    (
        "time_activity_small",
        "满{people}人的活动才用签到码，人少的由网点登记到场时间。",
        "The code is for {people} people or more; where fewer come, the network point writes down the times.",
    ),
    ("time_activity_waits", "还在候补，没有名额。", "Still waiting: there is no place."),
    (
        "time_activity_code",
        "签到码不对，或者已经换了。请看现场现在显示的码。",
        "Not the code that is shown now. Look again.",
    ),
    (
        "time_activity_outside",
        "到场时间要在活动时间{from}到{until}之内，也不能晚于现在。",
        "The time lies within the activity, {from} to {until}, and not after now.",
    ),
    ("time_activity_over", "活动已经结束。", "The activity is over."),
    ("time_activity_not_in", "还没有签到。", "Not signed in."),
    (
        "time_activity_late",
        "已超过补录期限（最晚{last}），请填签字单编号，名单会标明逾期。",
        "The days are over (the last was {last}): give the number of the sheet. The list is marked late.",
    ),
    ("time_activity_not_drawn", "这个人没有被抽中。", "This person was not drawn."),
    ("time_activity_answered", "已经确认过，不能改。", "That was said already."),
    (
        "time_activity_sample",
        "抽查还有{people}人没有确认，不能签字。",
        "{people} of the sample are not confirmed yet: the list cannot be signed.",
    ),
];
