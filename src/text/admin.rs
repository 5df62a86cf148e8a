//! Words of the county and township administration: organisations, people, programmes, funds.

catalogue! {
    admin_places { zh: "地方与账套", en: "Places and books" }
    admin_users { zh: "账号", en: "Accounts" }
    admin_closed { zh: "已撤销", en: "Closed" }
    admin_programme { zh: "积分项目", en: "Programme" }
    admin_since { zh: "启用日期", en: "Since" }
    admin_inside { zh: "下级", en: "Inside" }
    admin_name { zh: "名称", en: "Name" }
    admin_name_en { zh: "英文名称（选填）", en: "English name (optional)" }
    admin_kind { zh: "类别", en: "Kind" }
    admin_words { zh: "用语", en: "Words" }
    admin_rural { zh: "农村", en: "Rural" }
    admin_urban { zh: "城市社区", en: "Urban" }
    admin_new_place { zh: "增加下级", en: "Add a place" }
    admin_make { zh: "建立", en: "Add" }
    admin_open_book { zh: "开账套", en: "Open the book" }
    admin_open_book_hint { zh: "一个村一本账。开账套不发任何积分。", en: "One book a village. Opening it issues no points." }
    admin_rename { zh: "改名", en: "Rename" }
    admin_division_code { zh: "区划代码", en: "Division code" }
    admin_division_digits { zh: "12 位代码", en: "12 digits" }
    admin_valid_from { zh: "从哪天起", en: "Valid from" }
    admin_saved { zh: "已保存。", en: "Saved." }
    admin_state { zh: "状态", en: "State" }
    admin_active { zh: "正常", en: "Active" }
    admin_disabled { zh: "已停用", en: "Disabled" }
    admin_no_factor { zh: "未绑定验证器", en: "No authenticator yet" }
    admin_new_user { zh: "新建账号", en: "New account" }
    admin_temporary_password { zh: "临时密码", en: "Temporary password" }
    admin_shown_once { zh: "只显示这一次，请当面交给本人。本人登录后必须修改。", en: "Shown this once: hand it to its owner, who must change it at the first sign-in." }
    admin_no_roles { zh: "还没有任何权限。", en: "No roles yet." }
    admin_revoke { zh: "收回", en: "Take back" }
    admin_grant { zh: "授予权限", en: "Give a role" }
    admin_person { zh: "本人是哪位村民", en: "Who of the village this is" }
    admin_person_hint { zh: "授予村里的权限前先说明。说明后，本人不经办自家和近亲的事；一个人在一个村只有一个账号。", en: "To be said before a role of the village is given. Then nobody acts on their own household or close kin; a person has one account in a village." }
    admin_person_no { zh: "人员编号", en: "Person number" }
    admin_outside { zh: "不住在本村任何一户", en: "Lives in no household of this village" }
    admin_person_why { zh: "原因（改动时要写）", en: "Reason (when something else was said before)" }
    admin_recovery { zh: "找回与停用", en: "Recovery" }
    admin_reset_password { zh: "重设密码", en: "Reset the password" }
    admin_reset_factor { zh: "重设验证器", en: "Reset the authenticator" }
    admin_enable { zh: "重新启用账号", en: "Enable the account again" }
    admin_password_told { zh: "密码只显示一次，不再保存；没有记下请重设。", en: "The password was shown once and is not kept: reset it if it was lost." }
    admin_reason { zh: "原因", en: "Reason" }
    admin_close_place { zh: "撤销这个地方", en: "Close this place" }
    admin_close_hint { zh: "下级、住户都已撤销或迁走，也没有账套，才能撤销。", en: "Only when no place, household or book is left in it." }
    people_title { zh: "经办人身份", en: "Who is who" }
    people_hint { zh: "有本村权限的账号各是谁。说明了才知道要回避谁；由县管理员在账号页面办理，改动留有记录。", en: "Who each account with a role of the village is. Only then is it known from whom they step back. The county administrator says it on the account's page; changes are kept." }
    people_unsaid(count) { zh: "还有{count}个账号没有说明是谁，回避和干部户占比都算不到他们。请县管理员补上。", en: "Of {count} accounts nobody has said who they are: recusal and the share of cadres' households leave them out. Ask the county administrator." }
    people_none { zh: "还没有人有本村的权限。", en: "Nobody has a role of the village yet." }
    people_who { zh: "本人", en: "Who" }
    people_since { zh: "说明时间", en: "Since" }
    people_by { zh: "办理人", en: "Said by" }
    people_nobody { zh: "没有说明", en: "not said" }
    people_changed(times) { zh: "改过{times}次", en: "changed {times} times" }
    office_title { zh: "管理操作", en: "Administration" }
    office_at { zh: "时间", en: "When" }
    office_who { zh: "经办人", en: "By" }
    office_what { zh: "事项", en: "What" }
    office_whom { zh: "对象", en: "On" }
    office_next { zh: "更早的", en: "Earlier" }
    office_create { zh: "建立", en: "Made" }
    office_grant { zh: "授予权限", en: "Role given" }
    office_revoke { zh: "收回权限", en: "Role taken back" }
    office_password { zh: "重设密码", en: "Password reset" }
    office_factor { zh: "重设验证器", en: "Authenticator reset" }
    office_disable { zh: "停用账号", en: "Account disabled" }
    office_enable { zh: "启用账号", en: "Account enabled" }
    office_link { zh: "说明本人是谁", en: "Said who it is" }
    office_relink { zh: "改动本人是谁", en: "Changed who it is" }
    office_unlink { zh: "账号已换，解除关联", en: "Unlinked: another account took its place" }
    office_rename { zh: "改名", en: "Renamed" }
    office_code { zh: "区划代码", en: "Division code" }
    office_open_book { zh: "开账套", en: "Book opened" }
    office_close { zh: "撤销", en: "Closed" }
    admin_disable { zh: "停用账号", en: "Disable the account" }
}
