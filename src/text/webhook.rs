//! Words of the page on programs that a village tells what happens.

use super::refusal::RefusalWords;

catalogue! {
    webhook_title { zh: "消息推送", en: "Webhooks" }
    webhook_hint { zh: "每记一笔账，按顺序告诉下面的程序，签名按 Standard Webhooks。推送里没有姓名。收不到会隔一会再发，连续5天收不到就停。", en: "Every posting is told to these programs in order, signed by Standard Webhooks; no names are in it. What does not arrive is sent again later; after 5 days of failures it stops." }
    webhook_add { zh: "增加接收程序", en: "Add a receiver" }
    webhook_url { zh: "接收网址", en: "Address" }
    webhook_kinds { zh: "推送哪几类", en: "Which kinds" }
    webhook_kinds_hint { zh: "一类都不选，就是全部推送。", en: "None ticked means all." }
    webhook_all { zh: "全部", en: "All" }
    webhook_place { zh: "已送到第几笔", en: "Arrived up to" }
    webhook_last(last) { zh: "账上共{last}笔", en: "{last} transactions" }
    webhook_last_at { zh: "最近送到", en: "Last arrival" }
    webhook_last_error { zh: "最近一次没送到", en: "Last failure" }
    webhook_next_at(at) { zh: "{at}以后再试。", en: "Tried again after {at}." }
    webhook_active { zh: "正常", en: "Working" }
    webhook_retrying { zh: "正在重试", en: "Trying again" }
    webhook_paused { zh: "已暂停", en: "Paused" }
    webhook_failing { zh: "连续5天没送到，已停", en: "Stopped after 5 days of failures" }
    webhook_gone { zh: "对方说不要了（410），已停", en: "The receiver said it is gone (410)" }
    webhook_pause { zh: "暂停", en: "Pause" }
    webhook_resume { zh: "继续", en: "Go on" }
    webhook_test { zh: "试发", en: "Test" }
    webhook_test_wanted { zh: "就要试发，稍后刷新看结果。", en: "About to be sent: reload in a moment." }
    webhook_test_arrived { zh: "试发送到了。", en: "The test arrived." }
    webhook_rotate { zh: "换密钥", en: "New secret" }
    webhook_remove { zh: "删除", en: "Remove" }
    webhook_from { zh: "从第几笔起", en: "From transaction" }
    webhook_again { zh: "重新推送", en: "Send again" }
    webhook_secret_hint { zh: "签名密钥只显示这一次，请马上抄到接收程序里。换密钥后一天内新旧两个都签。", en: "The signing secret is shown this once: copy it into the receiver now. For a day after a change both secrets sign." }
    webhook_secret_told { zh: "密钥只显示一次；没有抄下请换一个。", en: "The secret was shown once: make a new one if it was lost." }
    webhook_error_time { zh: "对方10秒内没有回应。", en: "No answer within 10 seconds." }
    webhook_error_connection { zh: "连不上对方。", en: "No connection." }
    webhook_error_name { zh: "找不到这个网址的主机。", en: "There is no such host." }
    webhook_error_tls { zh: "对方的证书不可信，或者和网址不符。", en: "Its certificate is not trusted, or not for this address." }
    webhook_error_forbidden { zh: "这个网址指向不允许的地址。", en: "The address leads where nothing may be sent." }
    webhook_error_status(status) { zh: "对方回答{status}，不是2xx。", en: "It answered {status}, not 2xx." }
    webhook_error_answer { zh: "对方的回答中断了，或者太长。", en: "Its answer broke off, or was too long." }
    office_webhook { zh: "增加推送", en: "Webhook added" }
    office_webhook_pause { zh: "暂停推送", en: "Webhook paused" }
    office_webhook_resume { zh: "继续推送", en: "Webhook resumed" }
    office_webhook_again { zh: "重新推送", en: "Webhook sent again" }
    office_webhook_remove { zh: "删除推送", en: "Webhook removed" }
    office_webhook_rotate { zh: "更换推送密钥", en: "Webhook secret changed" }
}

/// Refusals about receivers.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "webhook_url",
        "“{url}”不是能推送的网址，要以 http:// 或 https:// 开头。",
        "“{url}” is no address to send to: it begins with http:// or https://.",
    ),
    (
        "webhook_userinfo",
        "网址里不能带用户名和密码；对方凭签名认我们。",
        "No name or password in the address: the receiver knows us by the signature.",
    ),
    (
        "webhook_forbidden",
        "“{url}”指向本机内部或云平台的管理地址，不能推送。",
        "“{url}” is a link-local, metadata or empty address: nothing is sent there.",
    ),
    ("unknown_kind", "没有“{kind}”这一类。", "There is no kind “{kind}”."),
    (
        "no_such_place",
        "没有第{from}笔，账上到第{last}笔。",
        "There is no transaction {from}: the last is {last}.",
    ),
];
