//! Every statement the program can say, listed: a test describes each one on both engines and compares the two
//! answers, which gives back what compile-time checking knows for one engine only.

/// Declares the statements of one store file and lists them in `ALL`.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub const $name: &str = $text;)+
        /// Every statement of this file, with its name.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $text)),+];
    };
}
pub(crate) use statements;

statements! {
    /// Whether anything answers.
    PING = "SELECT 1";
}

/// A statement that cannot be said in one text. `tests/it/tidy.rs` counts them: fewer than five.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// As SQLite wants it.
    pub sqlite: &'static str,
    /// As PostgreSQL wants it.
    pub postgres: &'static str,
}

impl Dialect {
    /// The text for `engine`.
    #[must_use]
    pub const fn pick(self, engine: super::Engine) -> &'static str {
        match engine {
            super::Engine::Sqlite => self.sqlite,
            super::Engine::Postgres => self.postgres,
        }
    }
}

/// All statements of the program, by file.
#[must_use]
pub fn all() -> Vec<(&'static str, &'static str, &'static str)> {
    let files: Vec<(&'static str, &'static [(&'static str, &'static str)])> = vec![
        ("sql", ALL),
        ("amendment", super::amendment::sql::ALL),
        ("answer", super::answer::sql::ALL),
        ("appeal", super::appeal::sql::ALL),
        ("as_of", super::as_of::sql::ALL),
        ("audit", super::audit::sql::ALL),
        ("award", super::award::sql::ALL),
        ("award/facts", super::award::facts::sql::ALL),
        ("award/lists", super::award::lists::sql::ALL),
        ("award/moves", super::award::moves::sql::ALL),
        ("award/usage", super::award::usage::sql::ALL),
        ("bearer", super::bearer::sql::ALL),
        ("body", super::body::sql::ALL),
        ("bystander", super::bystander::sql::ALL),
        ("callback", super::callback::sql::ALL),
        ("card", super::card::sql::ALL),
        ("claim", super::claim::sql::ALL),
        ("compact", super::compact::sql::ALL),
        ("counter", super::counter::sql::ALL),
        ("day_close", super::day_close::sql::ALL),
        ("elsewhere", super::elsewhere::sql::ALL),
        ("event", super::event::sql::ALL),
        ("evidence", super::evidence::sql::ALL),
        ("fairness", super::fairness::sql::ALL),
        ("fund", super::fund::sql::ALL),
        ("goods", super::goods::sql::ALL),
        ("goods_picture", super::goods_picture::sql::ALL),
        ("helper", super::helper::sql::ALL),
        ("hold", super::hold::sql::ALL),
        ("honour", super::honour::sql::ALL),
        ("household", super::household::sql::ALL),
        ("inspection", super::inspection::sql::ALL),
        ("lapse", super::lapse::sql::ALL),
        ("ledger", super::ledger::sql::ALL),
        ("log", super::log::sql::ALL),
        ("identity", super::identity::sql::ALL),
        ("login", super::login::sql::ALL),
        ("matter", super::matter::sql::ALL),
        ("matter/photo", super::matter::photo::sql::ALL),
        ("money", super::money::sql::ALL),
        ("notice", super::notice::sql::ALL),
        ("objection", super::objection::sql::ALL),
        ("offline", super::offline::sql::ALL),
        ("offline/entry", super::offline::entry::sql::ALL),
        ("order", super::order::sql::ALL),
        ("org", super::org::sql::ALL),
        ("passbook", super::passbook::sql::ALL),
        ("period", super::period::sql::ALL),
        ("person", super::person::sql::ALL),
        ("pin", super::pin::sql::ALL),
        ("private_text", super::private_text::sql::ALL),
        ("programme", super::programme::sql::ALL),
        ("proposal", super::proposal::sql::ALL),
        ("red_list", super::red_list::sql::ALL),
        ("redemption", super::redemption::sql::ALL),
        ("register", super::register::sql::ALL),
        ("reminder", super::reminder::sql::ALL),
        ("returns", super::returns::sql::ALL),
        ("reversal", super::reversal::sql::ALL),
        ("ruleset", super::ruleset::sql::ALL),
        ("serial", super::serial::sql::ALL),
        ("session", super::session::sql::ALL),
        ("shelf", super::shelf::sql::ALL),
        ("sitting", super::sitting::sql::ALL),
        ("sitting/votes", super::sitting::votes::sql::ALL),
        ("statement", super::statement::sql::ALL),
        ("stock", super::stock::sql::ALL),
        ("stock_photo", super::stock_photo::sql::ALL),
        ("throttle", super::throttle::sql::ALL),
        ("timebank/clearing", super::timebank::clearing::sql::ALL),
        ("timebank/estate", super::timebank::estate::sql::ALL),
        ("timebank/gift", super::timebank::gift::sql::ALL),
        ("timebank/note", super::timebank::note::sql::ALL),
        ("timebank/order", super::timebank::order::sql::ALL),
        ("timebank/outstanding", super::timebank::outstanding::sql::ALL),
        ("timebank/pair", super::timebank::pair::sql::ALL),
        ("timebank/policy", super::timebank::policy::sql::ALL),
        ("timebank/volunteer", super::timebank::volunteer::sql::ALL),
        ("verify", super::verify::sql::ALL),
        ("voice", super::voice::sql::ALL),
        ("webhook", super::webhook::sql::ALL),
        ("witness", super::witness::sql::ALL),
    ];
    files.iter().flat_map(|(file, list)| list.iter().map(move |(name, text)| (*file, *name, *text))).collect()
}
