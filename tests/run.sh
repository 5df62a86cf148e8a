#!/usr/bin/env bash
# Proves the whole project on a bare Debian machine: installs what is missing, then formats, lints, documents and tests.
#
#   tests/run.sh                          everything, on SQLite and on a private PostgreSQL
#   tests/run.sh install                  only the Debian packages and the Python packages we compare with
#   tests/run.sh long                     the fault tests many times over, on both
#   tests/run.sh with-postgres COMMAND…   COMMAND with TEST_DATABASE_URL set to a private PostgreSQL
#
# Runs as root in a container or as a user with sudo. The PostgreSQL lives in a temporary folder and is removed at the end.
set -euo pipefail
cd "$(dirname "$0")/.."

# Debian package | a file it brings, by which we know that it is there.
readonly PACKAGES=(
  "postgresql|/usr/lib/postgresql/*/bin/initdb"
  "chromium|/usr/bin/chromium"
  "chromium-driver|/usr/bin/chromedriver"
  "python3-venv|/usr/lib/python3*/ensurepip/__init__.py"
  "hledger|/usr/bin/hledger"
  "fonts-noto-cjk|/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
)

say() { printf '\n== %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"; }

install_packages() {
  local entry missing=()
  for entry in "${PACKAGES[@]}"; do
    compgen -G "${entry#*|}" >/dev/null || missing+=("${entry%%|*}")
  done
  if [ "${#missing[@]}" -gt 0 ]; then
    say "installing ${missing[*]}"
    apt update -q
    # A mirror sometimes drops a file; the second try takes up where the first stopped.
    apt install -y -q --no-install-recommends "${missing[@]}" || apt install -y -q --no-install-recommends "${missing[@]}"
  fi
  install_oracle
}

# The other implementation of C2SP logs that ours is compared with, and beancount; in a folder of its own, never in the
# tree.
install_oracle() {
  target/oracle/bin/python -c 'import aics_tlog, beancount' 2>/dev/null && return 0
  say "installing aics-tlog and beancount"
  /usr/bin/python3 -m venv --clear target/oracle
  # It asks for Python 3.12 and needs nothing of it that Debian's 3.11 has not.
  target/oracle/bin/pip install -q --disable-pip-version-check --ignore-requires-python aics-tlog==0.2.1 \
    beancount==3.2.3
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

pg_bin=""
pg_root=""

stop_postgres() {
  [ -n "$pg_root" ] || return 0
  as_postgres "$pg_bin/pg_ctl" stop --silent --wait --mode=immediate -D "$pg_root/cluster" >/dev/null 2>&1 || true
  rm -rf "$pg_root"
  pg_root=""
}

start_postgres() {
  local initdb password port try
  for initdb in /usr/lib/postgresql/*/bin/initdb; do pg_bin="$(dirname "$initdb")"; done
  pg_root="$(mktemp -d "${TMPDIR:-/tmp}/greencoin-postgres.XXXXXX")"
  trap stop_postgres EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  printf '%s' "$password" >"$pg_root/password"
  if [ "$(id -u)" -eq 0 ]; then chown -R postgres "$pg_root"; fi
  as_postgres "$pg_bin/initdb" -D "$pg_root/cluster" --username=greencoin --pwfile="$pg_root/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  for try in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 30000))
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
    if as_postgres "$pg_bin/pg_ctl" start --silent --wait -D "$pg_root/cluster" -l "$pg_root/log" \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$pg_root -c max_connections=300 -c fsync=on"; then
      export TEST_DATABASE_URL="postgres://greencoin:$password@127.0.0.1:$port/postgres"
      return 0
    fi
    echo "try $try: port $port did not work" >&2
  done
  cat "$pg_root/log" >&2
  return 1
}

all() {
  local began=$SECONDS sqlite_seconds postgres_seconds
  unset TEST_DATABASE_URL
  install_packages

  say "cargo fmt --check"
  cargo fmt --check
  say "cargo clippy"
  cargo clippy --all-targets --locked -- -D warnings
  say "cargo doc"
  RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked
  local checked=$((SECONDS - began))

  say "the suite on SQLite"
  began=$SECONDS
  # what breaks a PostgreSQL runs with the others of PostgreSQL, below
  cargo test --locked -- --skip faults::server::
  sqlite_seconds=$((SECONDS - began))

  say "the suite on PostgreSQL"
  began=$SECONDS
  start_postgres
  # The browser sees the same pages whatever the engine, and SQLite's files are SQLite's: both were done above.
  cargo test --locked --lib --test it -- --skip browser:: --skip faults::wal:: --skip faults::disk::
  postgres_seconds=$((SECONDS - began))

  say "all passed: checks ${checked} s, suite on SQLite ${sqlite_seconds} s (with the build), on PostgreSQL ${postgres_seconds} s"
}

# Many more rounds of everything that draws lots; TEST_SEED=N repeats a run that failed.
long() {
  export TEST_LONG=1
  unset TEST_DATABASE_URL
  install_packages
  say "faults on SQLite, long"
  cargo test --locked --test it -- faults:: --nocapture
  say "faults on PostgreSQL, long"
  start_postgres
  cargo test --locked --test it -- faults:: --nocapture --skip faults::wal:: --skip faults::disk::
}

case "${1:-all}" in
  all) all ;;
  install) install_packages ;;
  long) long ;;
  with-postgres)
    shift
    install_packages
    start_postgres
    "$@"
    ;;
  *)
    echo "usage: tests/run.sh [install | long | with-postgres COMMAND…]" >&2
    exit 2
    ;;
esac
