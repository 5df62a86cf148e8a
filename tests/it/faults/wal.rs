//! SQLite's write-ahead log cut off: at every boundary of a frame and in the middle of each, a byte of it turned, the
//! whole of it gone. What is left are the commits whose frames are whole, in order, from the first; and it goes on from
//! there.

use std::{fs, path::PathBuf, sync::Arc};

use greencoin::{
    service::Desk,
    store::{Db, ledger::read},
};
use tempfile::TempDir;

use crate::{
    engine::{Engine, clock},
    village::{TOWEL, Village},
};

const COMMITS: usize = 5;
const WAL_HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// Where SQLite writes the size of a page, at the beginning of the log.
const PAGE_BYTES_AT: usize = 8;
/// Every so many cuts, what was lost is asked for again.
const RESUME_EVERY: usize = 16;

/// Where the book stands.
type Stand = (i64, Vec<u8>);

/// Files as a crash may leave them, and what was acknowledged when.
struct Written {
    v: Village,
    card: String,
    file: Vec<u8>,
    wal: Vec<u8>,
    /// The stand before the first commit of the log, then after each with the length of the log by then.
    stands: Vec<(usize, Stand)>,
    frame: usize,
}

async fn stand(desk: &Desk, v: &Village) -> Stand {
    let mut tx = desk.db.begin_read().await.unwrap();
    let head = read::head(&mut tx, v.book).await.unwrap().unwrap();
    (head.seq, head.root)
}

fn paths(engine: &Engine) -> (PathBuf, PathBuf) {
    let file = PathBuf::from(engine.url.strip_prefix("sqlite://").unwrap());
    let wal = PathBuf::from(format!("{}-wal", file.display()));
    (file, wal)
}

fn key(number: usize) -> String {
    format!("basket-{number}")
}

async fn write() -> Written {
    let engine = Arc::new(Engine::sqlite());
    let clock = clock();
    let desk = engine.desk(&clock).await;
    let v = Village::on(engine, clock, desk, 1).await;
    v.give(0, 60).await;
    let card = v.card(0).await;
    let Db::Sqlite { writer, .. } = &v.desk.db else { panic!("not SQLite") };
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await.unwrap();
    let (file, wal) = paths(&v.engine);
    let mut stands = vec![(WAL_HEADER_BYTES, stand(&v.desk, &v).await)];
    for number in 0..COMMITS {
        v.redeem(&card, &[(TOWEL, 1)], &key(number)).await.unwrap();
        let length = usize::try_from(fs::metadata(&wal).unwrap().len()).unwrap();
        stands.push((length, stand(&v.desk, &v).await));
    }
    let (file, wal) = (fs::read(file).unwrap(), fs::read(wal).unwrap());
    let page = u32::from_be_bytes(wal[PAGE_BYTES_AT..PAGE_BYTES_AT + 4].try_into().unwrap());
    let frame = FRAME_HEADER_BYTES + usize::try_from(page).unwrap();
    assert_eq!((wal.len() - WAL_HEADER_BYTES) % frame, 0);
    Written { v, card, file, wal, stands, frame }
}

impl Written {
    /// Opens the file with a log in this state: the book stands where the last commit before `whole` bytes left it.
    async fn opens(&self, wal: Option<&[u8]>, whole: usize, resume: bool) {
        let engine = Engine::sqlite();
        let (file, log) = paths(&engine);
        fs::write(file, &self.file).unwrap();
        if let Some(wal) = wal {
            fs::write(log, wal).unwrap();
        }
        let desk = engine.desk(&self.v.clock).await;
        let kept = self.stands.iter().take_while(|(length, _)| *length <= whole).count() - 1;
        assert_eq!(stand(&desk, &self.v).await, self.stands[kept].1, "{whole} bytes of the log are whole");
        let report = desk.verify_books(None).await.unwrap();
        assert!(report.holds(), "{whole} bytes of the log: {report:#?}");
        if resume {
            for number in 0..COMMITS {
                let request = self.v.request(&self.card, &[(TOWEL, 1)]);
                let receipt = desk.redeem(&self.v.shop, &request, &key(number)).await.unwrap();
                assert_eq!(receipt.repeated, number < kept, "{whole} bytes of the log, basket {number}");
            }
            // the last place only: which instant it bears depends on when it was recorded
            assert_eq!(stand(&desk, &self.v).await.0, self.stands[COMMITS].1.0);
            assert!(desk.verify_books(None).await.unwrap().holds());
        }
        desk.poster.drain().await;
        desk.db.close().await;
    }

    /// Places where a frame begins, and the end.
    fn boundaries(&self) -> impl Iterator<Item = usize> {
        (WAL_HEADER_BYTES..=self.wal.len()).step_by(self.frame)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_cut_at_any_frame_or_inside_it_keeps_the_commits_that_are_whole() {
    let written = write().await;
    for (number, at) in written.boundaries().enumerate() {
        written.opens(Some(&written.wal[..at]), at, number % RESUME_EVERY == 0).await;
        // somewhere inside the next frame: in its header, in its page
        let inside = at + 1 + number * 997 % (written.frame - 1);
        if inside < written.wal.len() {
            written.opens(Some(&written.wal[..inside]), at, false).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_with_a_wrong_byte_or_none_at_all_keeps_the_commits_before() {
    let written = write().await;
    for (number, at) in written.boundaries().enumerate().step_by(5) {
        let inside = at + number * 997 % written.frame;
        if inside < written.wal.len() {
            let mut wal = written.wal.clone();
            wal[inside] ^= 0x40;
            written.opens(Some(&wal), at, number % RESUME_EVERY == 0).await;
        }
    }
    let mut wal = written.wal.clone();
    wal[0] ^= 0x40;
    written.opens(Some(&wal), WAL_HEADER_BYTES, false).await;
    written.opens(Some(&[]), WAL_HEADER_BYTES, false).await;
    written.opens(None, WAL_HEADER_BYTES, true).await;
}

/// Whoever kept a signed head notices that commits behind it were lost.
#[tokio::test]
async fn a_file_copied_without_its_log_does_not_continue_a_head_that_somebody_kept() {
    let written = write().await;
    assert!(written.v.desk.sign_head(written.v.book).await.unwrap());
    let head = written.v.desk.public_head(written.v.book).await.unwrap().unwrap();
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("head"), head.note.to_string()).unwrap();
    fs::write(folder.path().join("master.key"), [7; 32]).unwrap();
    let verify = |url: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_greencoin"))
            .args(["verify", "--database-url", url, "--data-dir"])
            .arg(folder.path())
            .arg("--checkpoint")
            .arg(folder.path().join("head"))
            .output()
            .unwrap()
    };
    let whole = verify(&written.v.engine.url);
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stdout));
    let copy = Engine::sqlite();
    fs::write(paths(&copy).0, &written.file).unwrap();
    let cut = verify(&copy.url);
    assert_eq!(cut.status.code(), Some(1), "{}", String::from_utf8_lossy(&cut.stdout));
    written.v.desk.db.close().await;
}
