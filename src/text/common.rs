//! Words that every page uses: the frame, navigation, buttons, states.

catalogue! {
    product { zh: "绿币", en: "GreenCoin" }
    product_long { zh: "绿币爱心超市与时间银行", en: "GreenCoin love supermarket and time bank" }
    skip_to_content { zh: "跳到正文", en: "Skip to content" }
    main_menu { zh: "主菜单", en: "Main menu" }
    sign_in { zh: "登录", en: "Sign in" }
    sign_out { zh: "退出", en: "Sign out" }
    signed_in_as(name) { zh: "当前用户：{name}", en: "Signed in as {name}" }
    elder_view { zh: "长辈版", en: "Large type" }
    standard_view { zh: "标准版", en: "Standard" }
    switch_language { zh: "English", en: "中文" }
    complaints { zh: "投诉建议", en: "Complaints and suggestions" }
    filing_number(number) { zh: "备案编号：{number}", en: "Filing number: {number}" }
    privacy { zh: "隐私说明", en: "Privacy" }
    demo_note { zh: "演示：数据全为虚构。", en: "Demo: all of this is made up." }
    demo_how { zh: "怎样登录", en: "How to sign in" }
    demo_title { zh: "演示村怎样登录", en: "Signing in to the demo village" }
    demo_staff { zh: "工作人员：用户名任选一个，口令和验证码相同", en: "Staff: any login name, one password, one code for all" }
    demo_code_now { zh: "现在的验证码（30秒一换，每人每码只用一次）", en: "The code now (a new one every 30 seconds, once each)" }
    demo_resident { zh: "村民：村号、户号、六位密码", en: "Resident: village number, household number, PIN" }
    demo_refresh { zh: "换一个新验证码", en: "Show the present code" }
    save { zh: "保存", en: "Save" }
    confirm { zh: "确认", en: "Confirm" }
    cancel { zh: "取消", en: "Cancel" }
    back { zh: "返回", en: "Back" }
    next_page { zh: "下一页", en: "Next page" }
    search { zh: "查找", en: "Search" }
    print { zh: "打印", en: "Print" }
    submit { zh: "提交", en: "Submit" }
    more { zh: "更多", en: "More" }
    details { zh: "详情", en: "Details" }
    nothing_found { zh: "没有找到，请换一个写法", en: "Nothing found; try another spelling" }
    nothing_here { zh: "暂时没有内容", en: "Nothing here yet" }
    optional { zh: "选填", en: "optional" }
    yes { zh: "是", en: "Yes" }
    no { zh: "否", en: "No" }
    done_notice { zh: "完成", en: "Done" }
    problem_notice { zh: "出错了", en: "Problem" }
    information_notice { zh: "提示", en: "Note" }
    points { zh: "分", en: "points" }
    points_amount(points) { zh: "{points}分", en: "{points} points" }
    points_left(points) { zh: "余{points}分", en: "{points} points left" }
    points_taken(points) { zh: "扣{points}分", en: "{points} points taken" }
    available { zh: "可用", en: "Available" }
    held { zh: "冻结", en: "Held" }
    honor { zh: "评比分", en: "Honour score" }
    minutes_amount(hours, minutes) { zh: "{hours}小时{minutes}分钟", en: "{hours} h {minutes} min" }
    yuan_amount(yuan) { zh: "{yuan}元", en: "{yuan} yuan" }
    scan_start { zh: "打开摄像头扫码", en: "Scan with the camera" }
    scan_stop { zh: "关闭摄像头", en: "Stop the camera" }
    scan_aim { zh: "把二维码放进框里", en: "Hold the code inside the frame" }
    scan_working { zh: "正在识别…", en: "Reading…" }
    scan_found { zh: "已识别", en: "Read" }
    scan_no_camera { zh: "没有可用的摄像头，请拍照上传或输入卡号", en: "No camera here: upload a photo or type the card number" }
    scan_refused { zh: "没有摄像头权限，请在浏览器里允许，或拍照上传、输入卡号", en: "The camera is not allowed: allow it in the browser, or upload a photo, or type the card number" }
    scan_offline { zh: "连不上服务器，请稍后再试", en: "The server does not answer: try again shortly" }
    scan_none_in_photo { zh: "照片里没有找到二维码，请靠近、对准、避开反光再拍一张", en: "No code found in the photo: come closer, hold still, avoid glare and try again" }
    scan_type_number { zh: "卡号或扫码枪", en: "Card number or scanner" }
    scan_photo { zh: "拍照识别", en: "Take a photo" }
    code_valid_for(seconds) { zh: "{seconds}秒后自动刷新", en: "Renews in {seconds} s" }
    code_renewed { zh: "兑换码已刷新", en: "The code was renewed" }
    code_lapsed { zh: "兑换码已过期，正在刷新", en: "The code has lapsed and is being renewed" }
    code_brightness { zh: "扫不上时请调亮屏幕", en: "If it does not scan, turn the screen brightness up" }
    quantity { zh: "数量", en: "Quantity" }
    one_more { zh: "加一", en: "One more" }
    one_less { zh: "减一", en: "One less" }
    total { zh: "合计", en: "Total" }
    choose_language_and_view { zh: "语言与字号", en: "Language and type size" }
}
