//! Faults that tests inject on the way of what is written: before and after it is written, committed and answered.
//! Only debug builds can plan any; in a release build [`Faults`] is empty and [`Faults::at`] does nothing.

use crate::store::StoreResult;

/// A place on the way of what is written: of a batch of the Poster, or of a request with its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// Decided, and nothing said to the database yet.
    BeforeWrite,
    /// All statements said.
    AfterWrite,
    /// About to be made durable.
    BeforeCommit,
    /// Durable, and nobody in this process knows it yet.
    AfterCommit,
    /// Known to be durable, nobody told.
    BeforeAnswer,
    /// Whoever asked was told.
    AfterAnswer,
}

/// What is to go wrong, where; nothing, unless a debug build was told otherwise.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    #[cfg(debug_assertions)]
    planned: std::sync::Arc<std::sync::Mutex<Vec<plan::Fault>>>,
}

impl Faults {
    /// Goes past a point; this is where a planned fault happens.
    pub async fn at(&self, point: Point) -> StoreResult<()> {
        #[cfg(debug_assertions)]
        if let Some(action) = self.due(point) {
            return plan::perform(action, point).await;
        }
        #[cfg(not(debug_assertions))]
        let _nothing_is_planned = point;
        Ok(())
    }
}

#[cfg(debug_assertions)]
pub use plan::{Action, Fault};

#[cfg(debug_assertions)]
mod plan {
    //! Planning faults, in debug builds only.

    use std::{
        str::FromStr,
        sync::{Arc, Mutex, PoisonError},
        time::Duration,
    };

    use super::{Faults, Point};
    use crate::store::{StoreError, StoreResult};

    /// How long a stall lasts.
    const STALL_MILLIS: u64 = 1_500;

    /// How something goes wrong.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Action {
        /// The process ends at once.
        Abort,
        /// The database call fails.
        Fail,
        /// The task panics.
        Panic,
        /// Nothing happens for a while.
        Stall,
    }

    /// One thing that goes wrong, once.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Fault {
        /// Where.
        pub point: Point,
        /// How.
        pub action: Action,
        /// At which time of passing: 1 is the first.
        pub at: u32,
    }

    impl FromStr for Fault {
        type Err = String;
        /// Reads `before-commit:abort@3`.
        fn from_str(text: &str) -> Result<Self, String> {
            let wrong = || format!("{text}: not POINT:ACTION@TIME, such as before-commit:abort@3");
            let (point, rest) = text.split_once(':').ok_or_else(wrong)?;
            let (action, at) = rest.split_once('@').ok_or_else(wrong)?;
            let point = match point {
                "before-write" => Point::BeforeWrite,
                "after-write" => Point::AfterWrite,
                "before-commit" => Point::BeforeCommit,
                "after-commit" => Point::AfterCommit,
                "before-answer" => Point::BeforeAnswer,
                "after-answer" => Point::AfterAnswer,
                _ => return Err(wrong()),
            };
            let action = match action {
                "abort" => Action::Abort,
                "fail" => Action::Fail,
                "panic" => Action::Panic,
                "stall" => Action::Stall,
                _ => return Err(wrong()),
            };
            Ok(Self { point, action, at: at.parse().ok().filter(|at| *at > 0).ok_or_else(wrong)? })
        }
    }

    impl Faults {
        /// What is to go wrong.
        #[must_use]
        pub fn plan(faults: Vec<Fault>) -> Self {
            Self { planned: Arc::new(Mutex::new(faults)) }
        }

        /// Counts a passing; what is to happen at it.
        pub(super) fn due(&self, point: Point) -> Option<Action> {
            let mut planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
            for fault in planned.iter_mut().filter(|fault| fault.point == point) {
                fault.at -= 1;
            }
            let due = planned.iter().position(|fault| fault.at == 0)?;
            Some(planned.remove(due).action)
        }
    }

    #[expect(clippy::panic, reason = "that is what was asked for")]
    pub(super) async fn perform(action: Action, point: Point) -> StoreResult<()> {
        tracing::warn!(?action, ?point, "a planned fault");
        match action {
            Action::Abort => std::process::abort(),
            Action::Fail => Err(StoreError::injected()),
            Action::Panic => panic!("a planned fault at {point:?}"),
            Action::Stall => {
                tokio::time::sleep(Duration::from_millis(STALL_MILLIS)).await;
                Ok(())
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_fault_happens_at_its_time_and_once() {
            let faults = Faults::plan(vec!["after-commit:fail@2".parse().unwrap()]);
            let due: Vec<_> = (0..4).map(|_| faults.due(Point::AfterCommit)).collect();
            assert_eq!(due, [None, Some(Action::Fail), None, None]);
            assert_eq!(faults.due(Point::BeforeCommit), None);
        }

        #[test]
        fn a_fault_that_cannot_be_is_refused() {
            for text in [
                "",
                "before-commit",
                "before-commit:abort",
                "nowhere:abort@1",
                "after-write:sing@1",
                "after-write:abort@0",
            ] {
                assert!(text.parse::<Fault>().is_err(), "{text}");
            }
        }
    }
}
