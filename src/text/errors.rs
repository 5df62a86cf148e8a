//! What a person reads when something did not work: what happened, to what, what to do next.

catalogue! {
    error_not_found_title { zh: "没有找到这个页面", en: "This page does not exist" }
    error_not_found_body { zh: "网址可能写错了，或者内容已经移走。请从首页重新进入。", en: "The address may be mistyped, or the content has moved. Start again from the home page." }
    error_internal_title { zh: "系统出错了", en: "Something broke on our side" }
    error_internal_body { zh: "没有记入任何一笔账。请稍后再试；再次出错请告诉村文书。", en: "Nothing was posted. Try again shortly; if it happens again, tell the village clerk." }
    error_forbidden_title { zh: "您没有这项权限", en: "You may not do this" }
    error_forbidden_body { zh: "如果确实需要办理，请联系本村管理员。", en: "If you need it, ask the administrator of your village." }
    error_busy_title { zh: "现在办理的人太多", en: "Too many people at once" }
    error_busy_body { zh: "没有记入任何一笔账，请过几秒再试。", en: "Nothing was posted. Try again in a few seconds." }
    error_form_title { zh: "填写的内容有问题", en: "The form needs a correction" }
    error_code(code) { zh: "打电话询问时请报代码：{code}", en: "When you ask about it, say the code: {code}" }
    go_home { zh: "回到首页", en: "Go to the home page" }
}
