//! What can be wrong with a rule file: stable codes and the facts that make each concrete. The sentences are in the
//! catalogue, in either language.

use std::collections::BTreeMap;

use serde::Serialize;

macro_rules! wrongs {
    ($($variant:ident = $code:literal,)+) => {
        /// What is wrong, one code a sentence of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "each is its sentence in the catalogue")]
        pub enum Wrong {
            $($variant,)+
        }

        impl Wrong {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

wrongs! {
    NotToml = "not_toml",
    UnknownTable = "unknown_table",
    NoProgramme = "no_programme",
    NoTable = "no_table",
    OneBracket = "one_bracket",
    NotATable = "not_a_table",
    MissingKey = "missing_key",
    UnknownKey = "unknown_key",
    BadChoice = "bad_choice",
    BadType = "bad_type",
    BadValue = "bad_value",
    NoSuchDay = "no_such_day",
    Scale = "scale",
    NotAnAmount = "not_an_amount",
    RestorationWorth = "restoration_worth",
    RangeOrder = "range_order",
    WorthOneWay = "worth_one_way",
    RateAboveZero = "rate_above_zero",
    GradeWorthOneWay = "grade_worth_one_way",
    CapOneMeasure = "cap_one_measure",
    QuotaOneMeasure = "quota_one_measure",
    VersionFromOne = "version_from_one",
    RateFen = "rate_fen",
    NoCeiling = "no_ceiling",
    FactorAboveZero = "factor_above_zero",
    AccountCapsAboveZero = "account_caps_above_zero",
    MonthAboveYear = "month_above_year",
    YearAboveCeiling = "year_above_ceiling",
    FloorAboveBase = "floor_above_base",
    NeverOpen = "never_open",
    ExpiryDay = "expiry_day",
    ExpiryAtOnce = "expiry_at_once",
    NoRoute = "no_route",
    NoticeTooShort = "notice_too_short",
    RouteSteps = "route_steps",
    ShorterThanLower = "shorter_than_lower",
    AmountNotAbove = "amount_not_above",
    GradeTwice = "grade_twice",
    WorthNothing = "worth_nothing",
    GradeWorthNothing = "grade_worth_nothing",
    QuantityOrder = "quantity_order",
    MinutesNeedHours = "minutes_need_hours",
    HighestNeedsGrades = "highest_needs_grades",
    RemindersOutOfRange = "reminders_out_of_range",
    CapOfNothing = "cap_of_nothing",
    CapNoPoints = "cap_no_points",
    CapNoHonor = "cap_no_honor",
    CapNoHours = "cap_no_hours",
    CapOnePerson = "cap_one_person",
    CapPeopleSubject = "cap_people_subject",
    CapPersonSubject = "cap_person_subject",
    CapBelowAward = "cap_below_award",
    CapTwice = "cap_twice",
    CapShorterAbove = "cap_shorter_above",
    CapNarrowAbove = "cap_narrow_above",
    QuotaSizeRange = "quota_size_range",
    QuotaScope = "quota_scope",
    QuotaPeriod = "quota_period",
    EndsBeforeBegin = "ends_before_begin",
    BeginsBeforeSet = "begins_before_set",
    EndsBeforeSet = "ends_before_set",
    NoEvidence = "no_evidence",
    PhotoForced = "photo_forced",
    NobodyVerifies = "nobody_verifies",
    NobodyRecords = "nobody_records",
    HonorOnly = "honor_only",
    DeductRoute = "deduct_route",
    RestoresDirection = "restores_direction",
    RestoresEmpty = "restores_empty",
    PauseNoDays = "pause_no_days",
    SensitiveItem = "sensitive_item",
    CodeEmpty = "code_empty",
    CodeTaken = "code_taken",
    Dangling = "dangling",
    NoBasis = "no_basis",
    ExcludesNothing = "excludes_nothing",
    NotADeduction = "not_a_deduction",
    TopicPetition = "topic_petition",
    TopicBenefits = "topic_benefits",
    TopicServices = "topic_services",
    TopicFines = "topic_fines",
    TopicMoney = "topic_money",
    TopicFamily = "topic_family",
    TopicBelief = "topic_belief",
    TopicBlackList = "topic_black_list",
    TopicRanking = "topic_ranking",
    TopicFace = "topic_face",
    TopicRedress = "topic_redress",
    TopicSpeech = "topic_speech",
    TopicHealth = "topic_health",
    TopicDebt = "topic_debt",
    TopicVoluntary = "topic_voluntary",
    CounterNothing = "counter_nothing",
    CounterPin = "counter_pin",
    CounterCode = "counter_code",
    CounterTries = "counter_tries",
    ClauseNumber = "clause_number",
    ClauseEmpty = "clause_empty",
    ClauseLong = "clause_long",
    ClauseOrder = "clause_order",
    NoClauses = "no_clauses",
    ClauseNotInForce = "clause_not_in_force",
}

/// What is wrong, with its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// What.
    pub wrong: Wrong,
    /// The names and figures that make it concrete.
    pub facts: BTreeMap<String, String>,
}

impl Wrong {
    /// … with a fact.
    pub(super) fn with(self, name: &str, value: impl ToString) -> Said {
        Said::from(self).with(name, value)
    }
}

impl Said {
    /// … with one more fact.
    pub(super) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }
}

impl From<Wrong> for Said {
    fn from(wrong: Wrong) -> Self {
        Self { wrong, facts: BTreeMap::new() }
    }
}
