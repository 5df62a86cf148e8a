//! Words of articles: bar codes before the camera, pictures, photos of what is written off.

use super::refusal::RefusalWords;

/// Refusals about articles and photos of goods.
pub(super) const REFUSALS: &[RefusalWords] = &[
    (
        "catalogue_full",
        "在售的商品和服务已有{limit}种，再多就不好找了。请先把不用的下架，再添加或上架。",
        "{limit} articles are on sale already, and more would be hard to find things in. Take one off sale first.",
    ),
    (
        "photo_of_losses",
        "第{no}号单不是报损单，只有报损单附照片。",
        "Paper {no} is not about goods written off: only those have a photo.",
    ),
    (
        "photo_is_there",
        "第{no}号单已经附了照片，不能换。照错了请撤回重开。",
        "Paper {no} has its photo, which stays. If it is the wrong one, take the paper back and draw up another.",
    ),
];

catalogue! {
    wares_start { zh: "扫商品条码", en: "Scan bar codes of goods" }
    wares_aim { zh: "把商品条码横放在框里", en: "Hold the bar code of the goods inside the frame" }
    wares_counted(what) { zh: "已计：{what}", en: "Counted: {what}" }
    wares_unknown { zh: "这里没有这个条码的商品，请按名称找", en: "Nothing here has this bar code: look for it by name" }
    wares_enough { zh: "不能再多了", en: "No more of it than this" }
    wares_code { zh: "已读到卡或取货码", en: "The card or code was read" }
    wares_none_in_photo { zh: "照片里没有找到条码，请靠近、对准、避开反光再拍一张", en: "No bar code found in the photo: come closer, hold still, avoid glare and try again" }
    wares_no_camera { zh: "没有可用的摄像头，请拍照上传，或用扫码枪、按名称找", en: "No camera here: upload a photo, use a scanner, or look by name" }
    picture_word { zh: "图片", en: "Picture" }
    picture_file { zh: "照片（自动裁成方形小图）", en: "A photo (it becomes a small square)" }
    picture_set { zh: "换上这张图片", en: "Use this picture" }
    picture_remove { zh: "不要图片", en: "No picture" }
    picture_is_set { zh: "图片已换上", en: "The picture is set" }
    picture_is_gone { zh: "图片已去掉", en: "The picture is gone" }
    loss_photo { zh: "报损照片", en: "Photo of the loss" }
    loss_photo_hint { zh: "拍下要报损的商品，核对人先看照片。附上后不能换。", en: "Take a photo of the goods; the second person looks at it first. Once added it stays." }
    loss_photo_add { zh: "附上照片", en: "Add the photo" }
    loss_photo_added { zh: "照片已附上", en: "The photo was added" }
    loss_photo_none { zh: "没有附照片", en: "No photo was added" }
    loss_photo_gone { zh: "照片已过保存期，只留摘要", en: "The photo is past its time; its digest stays" }
}
