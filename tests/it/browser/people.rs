//! What people do before their work: sign in, sign out, choose a language.

use greencoin::{
    domain::ids::BookId,
    service::{caller::Staff, demo::perform::PASSWORD},
    store::{login, programme},
};

use super::{
    chromium::Chromium,
    place::{self, Place},
};

impl Chromium {
    /// Signs in a member of staff with password and authenticator. A code works once: half a minute passes before.
    pub async fn sign_in(&self, place: &Place, login: &str) {
        place.pass(31);
        self.open(&place.url("/login")).await;
        self.speak("zh").await;
        self.fill("input[name=login]", login).await;
        self.fill("input[name=password]", PASSWORD).await;
        self.follow("main form button").await;
        self.fill("input[name=code]", &place.code()).await;
        self.follow("main form button").await;
        self.wait("form.who").await;
    }

    /// Signs in a household with its number and PIN.
    pub async fn sign_in_household(&self, place: &Place, household: &str) {
        self.open(&place.url("/login/resident")).await;
        self.speak("zh").await;
        self.fill("input[name=village]", "1").await;
        self.fill("input[name=household]", household).await;
        self.fill("input[name=pin]", &place::pin(household)).await;
        self.follow("main form button").await;
        self.wait("form.who").await;
    }

    /// Signs out whoever is signed in.
    pub async fn sign_out(&self) {
        self.follow("form.who button").await;
    }

    /// Chooses the language `zh` or `en`, unless the page speaks it already.
    pub async fn speak(&self, lang: &str) {
        let shown = self.script("return document.documentElement.lang").await;
        if !shown.as_str().unwrap().starts_with(lang) {
            self.follow(&format!("button[name=lang][value={lang}]")).await;
        }
    }

    /// Chooses the `standard` or the `elder` view.
    pub async fn view(&self, view: &str) {
        let elder = self.script("return document.documentElement.classList.contains('elder')").await;
        if elder.as_bool().unwrap() != (view == "elder") {
            self.follow(&format!("button[name=view][value={view}]")).await;
        }
    }
}

/// Somebody of the village at work on its book.
pub async fn at_work(place: &Place, name: &str) -> (Staff, BookId) {
    let mut tx = place.desk.db.begin_read().await.unwrap();
    let book = programme::list(&mut tx, 0, 1).await.unwrap()[0].book_id;
    let user = login::by_name(&mut tx, name).await.unwrap().unwrap();
    drop(tx);
    let who = place.desk.staff_sign_in(user.id).await.unwrap().unwrap();
    (place.desk.staff_for(&who, book).await.unwrap().unwrap(), book)
}
