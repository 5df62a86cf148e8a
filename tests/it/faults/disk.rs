//! Disks that take no more and folders that may not be written, under the program itself. A small file system of its
//! own where that may be mounted, a limit on the size of files everywhere; rights that hold for root too.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::Ordering,
};

use greencoin::{service::caller::Role, store::Db};
use serde_json::json;
use tempfile::TempDir;

use super::{
    counter::{Counter, Heard, bearer},
    program::{Program, Start, exchange, get, post},
};
use crate::{engine::Engine, village::TOWEL};

/// What is left for writing.
const ROOM_BYTES: u64 = 160 * 1024;
/// Redemptions that surely need more.
const BASKETS_MAX: usize = 120;

fn run(command: &str, arguments: &[&str]) -> bool {
    Command::new(command).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// A file system in memory, as small as one likes; gone when dropped.
struct Small(TempDir);

impl Small {
    /// None where mounting is not allowed.
    fn mounted() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let done = run("mount", &["-t", "tmpfs", "-o", "size=64m", "tmpfs", folder.path().to_str().unwrap()]);
        done.then_some(Self(folder))
    }

    fn resize(&self, bytes: u64) {
        let size = format!("remount,size={bytes}");
        assert!(run("mount", &["-o", &size, self.0.path().to_str().unwrap()]));
    }

    fn used(&self) -> u64 {
        let output = Command::new("df").args(["-B1", "--output=used"]).arg(self.0.path()).output().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().nth(1).unwrap().trim().parse().unwrap()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        run("umount", &["-l", self.0.path().to_str().unwrap()]);
    }
}

/// Empties SQLite's log into its file.
async fn settle_file(counter: &Counter) -> PathBuf {
    let Db::Sqlite { writer, .. } = &counter.v.desk.db else { panic!("not SQLite") };
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await.unwrap();
    PathBuf::from(counter.v.engine.url.strip_prefix("sqlite://").unwrap())
}

/// Redeems until it is told that nothing can be written: what it is told, and the numbers that were not done.
async fn until_full(counter: &mut Counter, program: &Program) -> (u16, String, Vec<usize>) {
    for _ in 0..BASKETS_MAX {
        let number = counter.load.next.fetch_add(1, Ordering::Relaxed);
        match counter.load.redeem(&program.http, &program.base, number).await {
            Heard::Done(receipt, _) => assert!(counter.all.insert(number, receipt).is_none()),
            Heard::Nothing => {
                let basket =
                    json!({"credential": counter.load.cards[0], "lines": [{"sku": TOWEL, "pieces": 1}]});
                let bearer = &counter.load.bearer;
                let request = post(&program.base, "/api/v1/redemptions", bearer, "not done", &basket);
                let answer = exchange(&program.http, request).await.unwrap();
                return (answer.status, answer.text, vec![number]);
            }
        }
    }
    panic!("there was room for everything");
}

/// The disk fills up under load, is read from, and goes on when there is room again.
async fn fills_up(counter: &mut Counter, program: &Program, status: u16, code: &str, room: impl Fn()) {
    let clerk = bearer(&counter.v, counter.v.clerk.user, Role::Clerk).await;
    let (told, words, unacked) = until_full(counter, program).await;
    assert_eq!(told, status, "{words}");
    assert!(words.contains(code), "{words}");
    let (ready, says) = program.ready().await;
    assert_eq!(ready, 200);
    assert!(says.starts_with("ready for reading; the last write failed: "), "{says}");
    assert!(program.says("cannot write"));

    // reading works, and what is read is what was answered
    let home = counter.v.homes[0];
    let path = format!("/api/v1/households/{home}/balance");
    let balance = exchange(&program.http, get(&program.base, &path, &clerk)).await.unwrap();
    assert_eq!(balance.status, 200, "{balance:?}");
    counter.keeps(&counter.all, "full").await;
    // what is kept with its answer is refused as clearly
    let list = |number: usize| {
        let name = format!("盐 {number}");
        let article = json!({"name": name, "unit": "袋", "category": "日用", "kind": "goods", "price": "2", "cost": "1"});
        exchange(
            &program.http,
            post(&program.base, "/api/v1/goods", &clerk, &format!("salt-{number}"), &article),
        )
    };
    let mut number = 0;
    let refused = loop {
        let answer = list(number).await.unwrap();
        if answer.status != 200 {
            break answer;
        }
        number += 1;
    };
    assert_eq!(refused.status, status, "{refused:?}");

    room();
    counter.settle(program, &unacked).await;
    assert_eq!(list(number).await.unwrap().status, 200);
    counter.serve(program, 3).await;
    assert_eq!(program.ready().await, (200, "ready\n".to_owned()));
    counter.settled(program).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_is_read_from_and_goes_on_without_a_restart_when_there_is_room() {
    let Some(small) = Small::mounted() else {
        // the other test fills a disk in the way that is always possible
        println!("no file system may be mounted here");
        return;
    };
    let engine = Engine::sqlite_in(TempDir::new_in(small.0.path()).unwrap());
    let mut counter = Counter::open_on(engine).await;
    settle_file(&counter).await;
    let program = counter.start(&Start::default());
    small.resize(small.used() + ROOM_BYTES);
    fills_up(&mut counter, &program, 507, "storage_full", || small.resize(64 << 20)).await;
    counter.v.desk.db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_may_not_grow_are_told_are_read_from_and_go_on_when_they_may() {
    let mut counter = Counter::open_on(Engine::sqlite()).await;
    let file = settle_file(&counter).await;
    // the limit is in blocks of 512 bytes; the signal that comes with it is ignored, so that the write fails instead
    let blocks = (fs::metadata(file).unwrap().len() + ROOM_BYTES) / 512;
    let limit = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$@\"");
    let through = ["sh", "-c", &limit, "sh"].map(Into::into).to_vec();
    let program = counter.start(&Start { through, options: Vec::new() });
    let id = program.id().to_string();
    let room = || assert!(run("prlimit", &["--pid", &id, "--fsize=unlimited"]));
    fills_up(&mut counter, &program, 503, "storage_away", room).await;
}

/// Runs a program that no rights are waived for, whoever we are.
fn without_privilege() -> Vec<std::ffi::OsString> {
    let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let words = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"];
    if root { words.map(Into::into).to_vec() } else { Vec::new() }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_folder_that_may_not_be_written_is_named_when_the_program_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    set_mode(folder.path(), 0o555);
    let url = greencoin::store::connect::sqlite_url(folder.path());
    let start = Start { through: without_privilege(), options: Vec::new() };
    let said = Program::try_start(&url, folder.path(), &start).err().expect("it cannot start");
    assert!(said.contains("master.key") && said.contains("Permission denied"), "{said}");
    set_mode(folder.path(), 0o755);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_may_not_be_written_is_told_at_the_start_and_opens_when_it_may() {
    let mut counter = Counter::open_on(Engine::sqlite()).await;
    let file = settle_file(&counter).await;
    let copy = tempfile::tempdir().unwrap();
    let database = copy.path().join("greencoin.db");
    fs::copy(file, &database).unwrap();
    fs::write(copy.path().join("master.key"), [7; 32]).unwrap();
    set_mode(&database, 0o444);
    set_mode(copy.path(), 0o555);
    let url = greencoin::store::connect::sqlite_url(copy.path());
    let start = Start { through: without_privilege(), options: Vec::new() };
    let said = Program::try_start(&url, copy.path(), &start).err().expect("it cannot start");
    assert!(said.contains("cannot be written") && said.contains(copy.path().to_str().unwrap()), "{said}");
    set_mode(copy.path(), 0o755);
    set_mode(&database, 0o644);
    drop(Program::start(&url, copy.path(), &start));
    // and the one it was copied from was never touched
    let program = counter.start(&Start::default());
    counter.serve(&program, 1).await;
    counter.settled(&program).await;
}
