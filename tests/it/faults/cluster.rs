//! A PostgreSQL of the test's own, which it may kill.

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Command, Output},
};

use tempfile::TempDir;

/// How often a start is tried: after a kill the old processes take a moment to notice.
const STARTS_MAX: usize = 60;

pub struct Cluster {
    root: TempDir,
    bin: PathBuf,
    pub port: u16,
}

impl Cluster {
    /// Makes one and starts it. PostgreSQL refuses to run as root: then it runs as its own user.
    pub fn new() -> Self {
        let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL: bash tests/run.sh install");
        let bin = versions.map(|version| version.unwrap().path().join("bin")).max().unwrap();
        let root = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { root, bin, port };
        if cluster.as_root() {
            let owned = Command::new("chown").arg("postgres").arg(cluster.root.path()).status().unwrap();
            assert!(owned.success());
        }
        let folder = cluster.folder();
        let made = cluster.run(
            "initdb",
            &[
                "-D",
                &folder,
                "--username=greencoin",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
        );
        assert!(made.status.success(), "{made:?}");
        cluster.start();
        cluster
    }

    pub fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// The same server behind another port.
    pub fn url_at(&self, port: u16) -> String {
        format!("postgres://greencoin@127.0.0.1:{port}/postgres?sslmode=disable")
    }

    pub fn start(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=on",
            self.port,
            self.root.path().display()
        );
        let (folder, log) = (self.folder(), self.root.path().join("log"));
        for _ in 0..STARTS_MAX {
            let log = log.to_str().unwrap();
            if self
                .run("pg_ctl", &["start", "-w", "-s", "-D", &folder, "-l", log, "-o", &options])
                .status
                .success()
            {
                return;
            }
        }
        panic!("it does not start: {}", fs::read_to_string(log).unwrap_or_default());
    }

    /// `immediate` leaves everything as a crash would; `fast` cuts every connection and closes in order.
    pub fn stop(&self, mode: &str) {
        let stopped = self.run("pg_ctl", &["stop", "-w", "-s", "-D", &self.folder(), "-m", mode]);
        assert!(stopped.status.success(), "{stopped:?}");
    }

    /// `kill -9` of the whole server, as a power cut would do: of the process that all others hang on, and of those that
    /// serve a connection. Left alone, these finish what they are asked until they notice. Returns when none runs.
    pub fn kill(&self) {
        let pid = fs::read_to_string(self.root.path().join("cluster/postmaster.pid")).unwrap();
        let pid = pid.lines().next().unwrap();
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap();
        let all: Vec<_> = std::iter::once(pid).chain(children.split_whitespace()).collect();
        // one may have ended by itself meanwhile
        Command::new("kill").arg("-9").args(&all).output().unwrap();
        while all.iter().any(|pid| runs(pid)) {
            std::thread::yield_now();
        }
    }

    fn folder(&self) -> String {
        self.root.path().join("cluster").to_str().unwrap().to_owned()
    }

    fn as_root(&self) -> bool {
        Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let program = self.bin.join(program);
        let mut command = if self.as_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // what it starts keeps neither our pipes nor our folder
        command.args(arguments).current_dir("/").stdout(std::process::Stdio::null()).output().unwrap()
    }
}

/// Whether a process still holds anything: one that has ended may wait, empty, for its parent to ask.
fn runs(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // the name before it may hold brackets of its own
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // stopped already, perhaps
        self.run("pg_ctl", &["stop", "-w", "-s", "-D", &self.folder(), "-m", "immediate"]);
    }
}
