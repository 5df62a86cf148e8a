//! Words of signing in, of accounts and of what every request may be refused for.

use super::refusal::RefusalWords;

/// Refusals of sign-in, of requests as such, and of the office.
pub const REFUSALS: &[RefusalWords] = &[
    (
        "not_found",
        "网址可能写错了，或者内容已经移走。请从首页重新进入。",
        "The address may be mistyped, or the content has moved. Start again from the home page.",
    ),
    (
        "internal",
        "没有记入任何一笔账。请稍后再试；再次出错请告诉村文书。",
        "Nothing was posted. Try again shortly; if it happens again, tell the village clerk.",
    ),
    (
        "not_allowed",
        "如果确实需要办理，请联系本村或县里的管理员。",
        "If you need it, ask the administrator of your village or county.",
    ),
    ("not_signed_in", "登录后才能办理。", "Sign in to go on."),
    (
        "busy",
        "现在办理的人太多，没有记入任何一笔账，请过几秒再试。",
        "Too many people at once. Nothing was posted. Try again in a few seconds.",
    ),
    (
        "unsettled",
        "没有等到结果。请过一会儿再试；刚才提交的请原样再提交一次，同一请求不会办两次。",
        "The result did not come in time. Try again shortly; what you sent, send again as it was: it is never done twice.",
    ),
    (
        "storage_full",
        "磁盘已满，没有记入任何一笔账，查询不受影响。请管理员清理磁盘；腾出空间后不用重启，直接再试。",
        "The disk is full. Nothing was posted; reading still works. Ask the administrator to free space, then try again: no restart is needed.",
    ),
    (
        "storage_read_only",
        "数据库是只读的，没有记入任何一笔账，查询不受影响。请管理员检查数据目录的权限。",
        "The database may only be read. Nothing was posted. Ask the administrator to check the rights of the data folder.",
    ),
    (
        "storage_away",
        "数据库暂时没有应答或读写出错。请过一会儿再试；刚才提交的请原样再提交一次，同一请求不会办两次。",
        "The database does not answer, or its files fail. Try again shortly; what you sent, send again as it was: it is never done twice.",
    ),
    (
        "throttled",
        "试错次数太多，请{retry_after_s}秒后再试。",
        "Too many wrong tries. Wait {retry_after_s} seconds and try again.",
    ),
    (
        "csrf",
        "这张表单已经过期或不是从本站打开的。请返回上一页，刷新后重新提交。",
        "This form is out of date or was not opened here. Go back, reload the page and send it again.",
    ),
    ("choose_village", "请先选择要办理的村。", "Choose a village first."),
    ("must_change_password", "请先修改密码。", "Change your password first."),
    ("bad_query", "网址里的参数不对：{reason}", "The parameters in the address are wrong: {reason}"),
    ("bad_json", "JSON 内容不对：{reason}", "The JSON body is wrong: {reason}"),
    ("bad_form", "表单内容不对：{reason}", "The form is wrong: {reason}"),
    ("bad_request", "请返回上一页重新提交。", "Go back and send it again."),
    ("method_not_allowed", "这个网址不能这样访问。", "This address cannot be used that way."),
    (
        "too_large",
        "上传的内容太大，请缩小后再试。",
        "What you sent is too large. Make it smaller and try again.",
    ),
    ("wrong_login", "用户名或密码不对。", "The login name or the password is wrong."),
    (
        "login_disabled",
        "这个账号已停用，请联系县管理员。",
        "This account is disabled. Ask the county administrator.",
    ),
    (
        "wrong_code",
        "验证码不对。请看验证器里最新的六位数字，并检查手机时间。",
        "The code is wrong. Read the newest six digits, and check the clock of your phone.",
    ),
    ("code_used", "这个验证码已经用过，请等下一个。", "This code was used already. Wait for the next one."),
    (
        "second_factor_missing",
        "还没有绑定验证器，请在网页上登录一次。",
        "No authenticator is set up yet. Sign in once on the web page.",
    ),
    ("enrolment_stale", "绑定页面已过期，请重新登录。", "This setup page is out of date. Sign in again."),
    (
        "wrong_pin",
        "户号或密码不对。连续输错会锁住，忘了密码请找村文书重设。",
        "The number or the PIN is wrong. A few wrong tries in a row block it; the village clerk can set a new one.",
    ),
    (
        "pin_blocked",
        "密码连续错了{limit}次，已锁住。请带上积分卡找村文书重设密码。",
        "Wrong {limit} times in a row: the PIN is blocked. Take your card to the village clerk, who sets a new one.",
    ),
    (
        "pin_not_set",
        "这户还没有设密码，请找村文书设置。",
        "This household has no PIN yet. The village clerk can set one.",
    ),
    ("pin_shape", "密码是六位数字。", "A PIN has six digits."),
    ("pin_trivial", "这个密码太容易猜到，请换一个。", "This PIN is too easy to guess. Choose another."),
    ("password_short", "密码至少{min}个字符。", "A password needs at least {min} characters."),
    ("password_long", "密码最多{max}个字符。", "A password has at most {max} characters."),
    (
        "password_trivial",
        "这个密码太容易猜到，不能只用一个字符，也不能包含用户名。",
        "This password is too easy to guess: not one repeated character, not the login name.",
    ),
    ("password_same", "新密码不能和旧密码一样。", "The new password must differ from the old one."),
    ("password_differs", "两次输入的密码不一样。", "The two passwords differ."),
    ("login_taken", "用户名 {login} 已经有人用了。", "The login name {login} is taken."),
    (
        "invalid_login_name",
        "用户名用 3–40 个字母、数字、点、横线或下划线。",
        "A login name has 3–40 letters, digits, dots, dashes or underscores.",
    ),
    ("invalid_name", "名称要填写，最多 50 个字。", "Give a name of at most 50 characters."),
    ("place_not_under", "{parent}下面不能建立这一级。", "A place of this kind cannot stand in {parent}."),
    ("place_name_taken", "这里已经有{name}了。", "There is a {name} here already."),
    ("invalid_division_code", "区划代码不对：{reason}", "The division code is wrong: {reason}"),
    (
        "division_code_order",
        "新代码的生效日期要晚于现有代码。",
        "A new code must begin after the one in force.",
    ),
    (
        "book_needs_village",
        "{place}不是村（社区），不能开账套。",
        "{place} is not a village; only a village keeps a book.",
    ),
    ("book_open_already", "这个村已有账套，村编号 {no}。", "This village keeps a book already: number {no}."),
    ("role_place", "{place}这一级不能设这个角色。", "This role cannot be held over {place}."),
    (
        "role_conflict",
        "县管理员不能同时经办村里的积分，请用不同的账号。",
        "The county administrator handles no points: use separate accounts.",
    ),
    (
        "identity_first",
        "请先说明账号{login}是本村哪位村民，或者不住在本村，再授予村里的权限。",
        "Say first who the account {login} is: a person of the village, or somebody who lives in no household of it. Then give the role.",
    ),
    (
        "identity_unsaid",
        "还没有说明您是本村哪位村民，或者不住在本村，无法判断要不要回避。请县管理员在您的账号下说明后再办。",
        "It is not known who you are: a person of this village, or somebody who lives in no household of it. Ask the county administrator to say so on your account; then go on.",
    ),
    (
        "person_has_login",
        "这位村民在本村已有一个账号，一个人只能有一个。确实要换账号，请先停用原来的账号，再写明原因办理。",
        "This person has a login of the village already, and a person has one. To give them another, disable the first, then try again with the reason.",
    ),
    (
        "identity_either",
        "人员编号和“不住在本村”只能选一样。",
        "Give a person's number, or say that they live in no household of the village: one of the two.",
    ),
    ("own_county_role", "不能收回自己的县管理员权限。", "You cannot take back your own county role."),
    (
        "place_in_use",
        "{place}还有下级、住户或账套，不能撤销。",
        "{place} cannot be closed: places, households or a book are still in it.",
    ),
    (
        "account_disabled",
        "账号{login}已停用，请先启用。",
        "The account {login} is disabled: enable it first.",
    ),
    ("not_disabled", "账号{login}没有停用。", "The account {login} is not disabled."),
    ("own_account", "不能停用自己的账号。", "You cannot disable your own account."),
    ("field_missing", "还有一项没有填（{field}）。", "Something is not filled in ({field})."),
    (
        "invalid_amount",
        "数目不对（{field}），例如 12.50。",
        "The amount is wrong ({field}); it looks like 12.50.",
    ),
    (
        "invalid_code",
        "编号 {code} 不对：用字母、数字和横线。",
        "The code {code} is wrong: use letters, digits and dashes.",
    ),
    ("invalid_date", "日期不对，例如 2026-06-03。", "The date is wrong; it looks like 2026-06-03."),
    ("too_long", "这一项太长（{field}），请缩短。", "This is too long ({field}); make it shorter."),
    ("too_many", "一次太多了（{field}），请分几次办。", "Too many at once ({field}); do it in several goes."),
    (
        "invalid_person_no",
        "人员编号不对，例如 P000123。",
        "The person number is wrong; it looks like P000123.",
    ),
    ("setup_done", "本系统已经初始化，请直接登录。", "This installation is set up already. Sign in."),
    (
        "setup_token",
        "初始化链接不对或已过期。请看服务器启动时打印的最新链接。",
        "The setup link is wrong or out of date. Use the one printed when the server last started.",
    ),
];

catalogue! {
    my_household { zh: "我家", en: "My household" }
    menu_home { zh: "首页", en: "Home" }
    menu_resident_sign_in { zh: "村民登录", en: "Residents" }
    menu_staff_sign_in { zh: "工作人员登录", en: "Staff" }
    menu_my_code { zh: "兑换码", en: "My code" }
    menu_notices { zh: "公示", en: "Notices" }
    menu_goods { zh: "商品", en: "Goods" }
    menu_rules { zh: "规则", en: "Rules" }
    menu_more { zh: "更多", en: "More" }
    menu_today { zh: "今日待办", en: "Today" }
    menu_record { zh: "加分", en: "Record" }
    menu_review { zh: "审核", en: "Review" }
    menu_register { zh: "户籍台账", en: "Register" }
    menu_counter { zh: "收银台", en: "Counter" }
    menu_audit { zh: "审计", en: "Audit" }
    menu_township { zh: "各村", en: "Villages" }
    menu_admin { zh: "系统管理", en: "Administration" }
    menu_account { zh: "我的账号", en: "My account" }
    login_staff_title { zh: "工作人员登录", en: "Staff sign-in" }
    login_resident_title { zh: "村民登录", en: "Resident sign-in" }
    login_to_resident { zh: "我是村民，用户号登录", en: "I am a resident: sign in with a household number" }
    login_to_staff { zh: "我是工作人员", en: "I am staff" }
    login_name { zh: "用户名", en: "Login name" }
    display_name { zh: "姓名", en: "Name" }
    password { zh: "密码", en: "Password" }
    password_old { zh: "现在的密码", en: "Present password" }
    password_new { zh: "新密码", en: "New password" }
    password_again { zh: "再输一次", en: "Once more" }
    password_hint { zh: "至少12个字符，例如几个不相干的词连在一起。", en: "At least 12 characters, for instance a few unrelated words." }
    password_forced { zh: "现在的密码是别人设置的，请先改成自己的。", en: "Somebody else set your password. Choose your own first." }
    password_changed { zh: "密码已修改，其他设备上的登录都已退出。", en: "The password was changed; every other sign-in was ended." }
    change_password { zh: "修改密码", en: "Change password" }
    login_code_title { zh: "输入验证码", en: "Enter the code" }
    login_code { zh: "六位验证码", en: "Six-digit code" }
    login_code_hint { zh: "请打开手机上的验证器，输入六位数字。每个验证码只能用一次。", en: "Open the authenticator on your phone and type its six digits. Each code works once." }
    login_code_lost { zh: "手机丢了或换了？请县管理员重置验证器。", en: "Lost or changed your phone? The county administrator resets the authenticator." }
    enrol_title { zh: "绑定验证器", en: "Set up the authenticator" }
    enrol_step_app { zh: "在手机上安装任意一款验证器（TOTP）。", en: "Install any authenticator app (TOTP) on your phone." }
    enrol_step_scan { zh: "用验证器扫描下面的二维码。", en: "Scan this code with it." }
    enrol_step_code { zh: "把验证器显示的六位数字填在下面。", en: "Type the six digits that it shows." }
    enrol_by_hand { zh: "扫不上时手工输入：", en: "If it does not scan, type:" }
    enrol_confirm { zh: "绑定并登录", en: "Set up and sign in" }
    village_no { zh: "村编号", en: "Village number" }
    household_no { zh: "户号", en: "Household number" }
    pin_six { zh: "六位密码", en: "Six-digit PIN" }
    resident_numbers_hint { zh: "村编号和户号印在积分卡上，例如 1 和 H0012。", en: "Both numbers are printed on your card, for instance 1 and H0012." }
    resident_without_phone { zh: "没有手机也一样：带上积分卡到兑换点，或者请村文书代办。", en: "No phone needed: take your card to the counter, or ask the village clerk." }
    village_title { zh: "选择村", en: "Choose a village" }
    village_none { zh: "还没有给您分配任何村，请联系县管理员。", en: "No village has been assigned to you yet. Ask the county administrator." }
    change_village { zh: "换一个村", en: "Another village" }
    setup_title { zh: "初始化", en: "First setup" }
    setup_intro { zh: "给本县建立第一个管理员账号。系统里没有任何默认密码。", en: "Make the first administrator of your county. There is no default password anywhere." }
    setup_county { zh: "县（市、区）名称", en: "Name of the county" }
    setup_go { zh: "建立并继续", en: "Go on" }
    account_roles { zh: "权限", en: "Roles" }
    account_no_roles { zh: "还没有任何权限，请联系县管理员。", en: "No roles yet. Ask the county administrator." }
    account_sign_ins { zh: "登录中的设备", en: "Where you are signed in" }
    account_since { zh: "登录时间", en: "Since" }
    account_last_used { zh: "最近使用", en: "Last used" }
    account_here { zh: "本机", en: "Here" }
    sign_out_elsewhere { zh: "退出其他所有设备", en: "Sign out everywhere else" }
    signed_out_there { zh: "已退出那台设备。", en: "Signed out there." }
    role_recorder { zh: "记录员", en: "Recorder" }
    role_clerk { zh: "村文书", en: "Village clerk" }
    role_reviewer { zh: "审核员", en: "Reviewer" }
    role_shopkeeper { zh: "超市管理员", en: "Shopkeeper" }
    role_auditor { zh: "审计员", en: "Auditor" }
    role_township { zh: "乡镇管理员", en: "Township" }
    role_county { zh: "县管理员", en: "County administrator" }
}
