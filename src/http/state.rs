//! What every handler can reach.

use axum::extract::FromRef;
use std::{pin::Pin, sync::Arc};

use super::{error::ErrorView, metrics::Metrics, session::Visitor};
use crate::service::{Desk, caller::Role, setup::SetupToken};

/// Turns an error into a page, for whoever asked if that is known. The pages' layout lies above this layer, so it is
/// handed down from the composition root.
pub type ErrorPageFn =
    fn(AppState, Option<Visitor>, ErrorView) -> Pin<Box<dyn Future<Output = String> + Send>>;

/// The state of the application; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub desk: Desk,
    /// What was counted.
    pub metrics: Arc<Metrics>,
    /// How this installation is reached.
    pub site: Arc<Site>,
    /// The one-time key of the setup page; absent once there is an account.
    pub setup: Option<Arc<SetupToken>>,
    /// Lays out errors for people.
    pub error_page: ErrorPageFn,
}

/// How this installation is reached and what it says about itself.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// Cookies are marked `Secure`: we speak TLS ourselves, or something in front of us does.
    pub secure: bool,
    /// A proxy in front of us tells the client's address and scheme.
    pub behind_proxy: bool,
    /// The filing number (备案编号) in the footer.
    pub filing_number: Option<String>,
    /// The sign-ins of the demo, shown where one signs in; real installations have none.
    pub demo: Option<DemoGuide>,
}

/// What a visitor of the demo needs to sign in as anybody. The data is made up.
#[derive(Debug, Clone)]
pub struct DemoGuide {
    /// Login names with the role of each.
    pub logins: Vec<(String, Role)>,
    /// The password of all of them.
    pub password: &'static str,
    /// The second factor of all of them.
    pub totp_secret: [u8; 20],
    /// Number and PIN of a household.
    pub household: (String, String),
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState").field("desk", &self.desk).field("site", &self.site).finish_non_exhaustive()
    }
}

impl AppState {
    /// A state with nothing counted yet.
    #[must_use]
    pub fn new(desk: Desk, site: Site, setup: Option<SetupToken>, error_page: ErrorPageFn) -> Self {
        let metrics = Arc::new(Metrics::default());
        Self { desk, metrics, site: Arc::new(site), setup: setup.map(Arc::new), error_page }
    }
}

impl FromRef<AppState> for Desk {
    fn from_ref(state: &AppState) -> Self {
        state.desk.clone()
    }
}
