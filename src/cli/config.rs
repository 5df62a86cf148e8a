//! What can be chosen at start: flags, or `GREENCOIN_*` in the environment. Secrets never show in `Debug`.

use anyhow::{Context, bail};
use clap::Args;
use std::{fmt, io::Write, net::SocketAddr, path::PathBuf, str::FromStr, sync::Arc};

use crate::{
    domain::{calendar::Calendar, entropy::ChaChaEntropy, time::SystemClock},
    service::{Desk, Faults, Keys},
    store::{
        Outage, StoreError,
        connect::{Migrate, open, sqlite_url},
    },
};

/// The master key's file within the folder.
const MASTER_KEY_FILE: &str = "master.key";
const KEY_BYTES: usize = 32;

/// A database address: its password is not for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.split(':').next().unwrap_or_default();
        write!(f, "{scheme}://…")
    }
}

impl FromStr for DatabaseUrl {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// Where the books are kept; shared by every command that opens them.
#[derive(Debug, Clone, Args)]
pub struct Books {
    /// The folder of the database, the master key and the files.
    #[arg(long, env = "GREENCOIN_DATA_DIR", default_value = "./greencoin-data")]
    pub data_dir: PathBuf,
    /// sqlite://FILE or postgres://…; a file inside the folder when absent.
    #[arg(long, env = "GREENCOIN_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<DatabaseUrl>,
    /// Refuse to start when the schema is older than the program.
    #[arg(long, env = "GREENCOIN_NO_MIGRATE")]
    pub no_migrate: bool,
    /// A file of holidays and make-up workdays, in the form of rules/calendar.toml: its years take the place of the
    /// shipped ones. Sheets that hang keep their day.
    #[arg(long, env = "GREENCOIN_CALENDAR")]
    pub calendar: Option<PathBuf>,
}

/// Options of `serve`.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Where the books are.
    #[command(flatten)]
    pub books: Books,
    /// Address and port.
    #[arg(long, env = "GREENCOIN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Certificate chain (PEM).
    #[arg(long, env = "GREENCOIN_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM).
    #[arg(long, env = "GREENCOIN_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Make a certificate of our own, to try the camera on another machine.
    #[arg(long, env = "GREENCOIN_TLS_SELF_SIGNED", conflicts_with = "tls_cert")]
    pub tls_self_signed: bool,
    /// A proxy in front of us speaks TLS and tells the client's address (X-Forwarded-For, X-Forwarded-Proto).
    #[arg(long, env = "GREENCOIN_BEHIND_TLS", conflicts_with_all = ["tls_cert", "tls_self_signed"])]
    pub behind_tls: bool,
    /// The filing number (备案编号) shown on every page.
    #[arg(long, env = "GREENCOIN_FILING_NUMBER")]
    pub filing_number: Option<String>,
    /// Let something go wrong once: POINT:ACTION@TIME, such as `before-commit:abort@3`. Debug builds only, for tests.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true)]
    pub fault: Vec<crate::service::fault::Fault>,
    /// What is logged.
    #[command(flatten)]
    pub log: Log,
}

impl Serve {
    /// What is to go wrong; nothing in a release build.
    fn faults(&self) -> Faults {
        #[cfg(debug_assertions)]
        return Faults::plan(self.fault.clone());
        #[cfg(not(debug_assertions))]
        Faults::default()
    }

    /// Opens the books for serving.
    pub async fn open_desk(&self) -> anyhow::Result<Desk> {
        self.books.open(self.faults()).await
    }
}

/// How much is logged, and how.
#[derive(Debug, Clone, Args)]
pub struct Log {
    /// A filter such as `info` or `greencoin=debug`.
    #[arg(long = "log", env = "GREENCOIN_LOG", default_value = "info")]
    pub filter: String,
    /// One JSON object a line.
    #[arg(long, env = "GREENCOIN_LOG_JSON")]
    pub log_json: bool,
}

impl Books {
    /// Opens the books with the real clock and randomness, and the installation's keys.
    pub async fn open_desk(&self) -> anyhow::Result<Desk> {
        self.open(Faults::default()).await
    }

    async fn open(&self, faults: Faults) -> anyhow::Result<Desk> {
        std::fs::create_dir_all(&self.data_dir)
            .with_context(|| format!("cannot create the folder {}", self.data_dir.display()))?;
        let calendar = self.calendar()?;
        let keys = Keys::new(self.master_key()?);
        let entropy = Arc::new(ChaChaEntropy::from_key(random_key()?));
        let url = self.database_url.clone().map_or_else(|| sqlite_url(&self.data_dir), |url| url.0);
        let migrate = if self.no_migrate { Migrate::Refuse } else { Migrate::Run };
        let db = open(&url, migrate).await.map_err(|error| self.explained(error))?;
        let mut desk = Desk::with_faults(db, Arc::new(SystemClock), entropy, keys, faults);
        desk.calendar = Arc::new(calendar);
        Ok(desk)
    }

    /// The shipped calendar, with the years of the installation's own file.
    fn calendar(&self) -> anyhow::Result<Calendar> {
        let shipped = Calendar::shipped();
        let Some(path) = &self.calendar else { return Ok(shipped) };
        let shown = path.display();
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read the calendar {shown}"))?;
        let own = Calendar::parse(&text).with_context(|| format!("the calendar {shown} is at fault"))?;
        Ok(shipped.with(own))
    }

    /// Why the database did not open, with what can be done about it.
    fn explained(&self, error: StoreError) -> anyhow::Error {
        let folder = self.data_dir.display();
        let advice = match error.outage() {
            Some(Outage::Full) => format!("the disk is full: free space for {folder}"),
            Some(Outage::ReadOnly) => format!("the database cannot be written: check the rights of {folder}"),
            _ => "cannot open the database".to_owned(),
        };
        anyhow::Error::new(error).context(advice)
    }

    /// Reads the master key, or makes it at the first start: readable by its owner only, complete or absent.
    fn master_key(&self) -> anyhow::Result<[u8; KEY_BYTES]> {
        let path = self.data_dir.join(MASTER_KEY_FILE);
        let kept = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let key = random_key()?;
                write_private(&path, &key).with_context(|| format!("cannot write {}", path.display()))?;
                return Ok(key);
            }
            Err(e) => return Err(e).with_context(|| format!("cannot read {}", path.display())),
        };
        match kept.try_into() {
            Ok(key) => Ok(key),
            Err(_) => bail!("{} is not a master key of {KEY_BYTES} bytes", path.display()),
        }
    }
}

fn write_private(path: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    let whole = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&whole)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(whole, path)
}

#[expect(clippy::disallowed_methods, reason = "the one reader of the operating system's randomness")]
fn random_key() -> anyhow::Result<[u8; KEY_BYTES]> {
    let mut key = [0_u8; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|e| anyhow::anyhow!("no randomness from the operating system: {e}"))?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_master_key_is_made_once_and_read_again_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let books = Books {
            data_dir: folder.path().to_owned(),
            database_url: None,
            no_migrate: false,
            calendar: None,
        };
        let first = books.master_key().unwrap();
        assert_eq!(books.master_key().unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join(MASTER_KEY_FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(folder.path().join(MASTER_KEY_FILE), b"short").unwrap();
        assert!(books.master_key().is_err());
    }

    #[test]
    fn a_calendar_of_ones_own_is_checked_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calendar.toml");
        let calendar = Some(file.clone());
        let books =
            Books { data_dir: folder.path().to_owned(), database_url: None, no_migrate: false, calendar };
        let said = || format!("{:#}", books.calendar().unwrap_err());
        assert!(said().starts_with("cannot read the calendar"), "{}", said());
        let year = "[[year]]\nyear = 2027\nsource = \"x\"\npublished = true\nworkdays = []\nholidays = ";
        std::fs::write(&file, format!("{year}[\"2027-02-30\"]\n")).unwrap();
        assert!(
            said().contains("calendar.toml is at fault: “2027-02-30” is not a day of 2027"),
            "{}",
            said()
        );
        std::fs::write(&file, format!("{year}[\"2027-03-01\"]\n")).unwrap();
        let read = books.calendar().unwrap();
        assert!(!read.is_working_day("2027-03-01".parse().unwrap()));
        assert!(!read.is_working_day("2026-10-01".parse().unwrap()), "the shipped years stay");
    }

    #[test]
    fn a_database_password_does_not_show_in_debug() {
        let url: DatabaseUrl = "postgres://u:secret@h/db".parse().unwrap();
        assert!(!format!("{url:?}").contains("secret"));
    }
}
