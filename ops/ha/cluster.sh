#!/usr/bin/env bash
# A cluster to try on one machine: three nodes with etcd and Patroni, HAProxy and PgBouncer, on loopback addresses of their own, from
# Debian's packages and the configuration files beside this script. It is there until its standard input ends, or Ctrl-C; then
# everything is stopped and removed.
#
#   ops/ha/cluster.sh run    FOLDER          builds it in a folder that is not there yet, and says with which settings Keyward uses it
#   ops/ha/cluster.sh kill   FOLDER PART     kill -9: etcd1..3, patroni1..3, postgres1..3 (with all its backends), haproxy, pgbouncer
#   ops/ha/cluster.sh hang   FOLDER PART     stops it where it is (SIGSTOP), as a machine that hangs; wake: it goes on
#   ops/ha/cluster.sh start  FOLDER PART     starts it again (postgres is Patroni's to start)
#   ops/ha/cluster.sh list   FOLDER          what Patroni says of the nodes
#   ops/ha/cluster.sh on     FOLDER NODE     does what is on its standard input as root there, in the words of docs/backup.md
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
PATH="$PATH:/usr/sbin"
postgres_bin=/usr/lib/postgresql/15/bin

say() { echo "$*" >&2; }
fail() { say "$*"; exit 1; }

# As an account of no rights where root runs this: PostgreSQL insists.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then exec setsid setpriv --reuid postgres --regid postgres --init-groups "$@"; else exec setsid "$@"; fi
}
# A program in the background, with its pid in a file; it holds nothing of this script's own streams.
launch() {
  local part="$1"
  shift
  (cd / && as_postgres "$@") </dev/null >>"$folder/log/$part.out" 2>&1 &
  echo $! >"$folder/pid/$part"
}
secret() { cat "$folder/secret/$1"; }

# Where nobody is root, the account need not be postgres.
without_root=''
[ "$(id -u)" = 0 ] || without_root='s/local all postgres peer/local all postgres scram-sha-256/; s/ -o postgres -g postgres//'

# Settings or commands of one node as they are, but for addresses, passwords and folders; nothing here is started as root that could
# give that up.
fill() {
  local node="$1"
  sed -e "s/@NAME@/node$node/g" -e "s/@ADDRESS@/$(address "$node")/g" \
    -e "s/@NODE1@/$(address 1)/g" -e "s/@NODE2@/$(address 2)/g" -e "s/@NODE3@/$(address 3)/g" \
    -e "s/@PROXY@/$(address 4)/g" -e "s#@NETWORK@#127.0.0.0/8#g" \
    -e "s/@SUPERUSER_PASSWORD@/$(secret superuser)/" -e "s/@REPLICATION_PASSWORD@/$(secret replication)/" \
    -e "s/@RESTAPI_PASSWORD@/$(secret restapi)/" \
    -e "s/CHANGE-ME/$(secret cipher)/" -e "s#/15/main#/15/keyward#" -e "$without_root" \
    -e "s#/var/run/postgresql#$folder/node$node/run#g" -e "s#/var/lib/etcd/#$folder/node$node/etcd-#g" \
    -e "s#/var/lib/postgresql/15/#$folder/node$node/data-#g" -e "s#/var/lib/postgresql/#$folder/node$node/#g" \
    -e "s#/var/log/postgresql/#$folder/log/#g" -e "s#/etc/pgbouncer/#$folder/node$node/#g" \
    -e "s#/var/lib/pgbackrest#$folder/repository#" -e "s#/var/log/pgbackrest#$folder/log#" \
    -e "s#/var/spool/pgbackrest#$folder/node$node/run#" -e "s#/tmp/pgbackrest#$folder/node$node/run#" \
    -e '/^  \(user\|group\|chroot\) /d' -e "s#/etc/patroni/config.yml#$folder/node$node/patroni.yml#g" -e 's#mode: automatic#mode: "off"#'
}
settings() {
  local file="$1" node="$2"
  fill "$node" <"$here/$file" >"$folder/node$node/$(basename "$file")"
}
address() { echo "$(cat "$folder/network").$1"; }

start_part() {
  local part="$1" node="${1: -1}"
  case "$part" in
    etcd[123])
      # Only the first start makes a new cluster; with data, it is not looked at.
      launch "$part" etcd --config-file "$folder/node$node/etcd.yml" ;;
    patroni[123])
      launch "$part" env PGBACKREST_CONFIG="$folder/node$node/pgbackrest.conf" patroni "$folder/node$node/patroni.yml" ;;
    haproxy) launch "$part" haproxy -db -f "$folder/node4/haproxy.cfg" ;;
    pgbouncer) launch "$part" pgbouncer -q "$folder/node4/pgbouncer.ini" ;;
    *) fail "There is no part $part that is started." ;;
  esac
}

# The pid of a part, when that is a process of this cluster: pids are given again.
pid_of() {
  local part="$1" pid
  case "$part" in
    postgres[123]) pid="$(head -n 1 "$folder/node${part: -1}/data-keyward/postmaster.pid" 2>/dev/null)" || return 1 ;;
    *) pid="$(cat "$folder/pid/$part" 2>/dev/null)" || return 1 ;;
  esac
  tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder/" && echo "$pid"
}
# PostgreSQL with all that work for it, which then has no more of them.
signal_part() {
  local pid
  pid="$(pid_of "$2")" || return 1
  if [[ "$2" != postgres* ]]; then kill "-$1" "$pid"; else
    local workers
    kill -STOP "$pid"
    workers="$(ps -o pid= --ppid "$pid")" || true
    kill "-$1" "$pid" $workers 2>/dev/null || true
  fi
}

# As "systemctl stop" does it: until it has ended.
stop_part() {
  signal_part TERM "$1" || return 0
  until_true 60 "The end of $1" has_ended "$1"
}
has_ended() { ! pid_of "$1"; }

# What a document tells root to do on a node.
on_node() {
  local node="$1"
  runuser() (
    shift 3 # -u postgres --
    export PGBACKREST_CONFIG="$folder/node$node/pgbackrest.conf" PGHOST="$folder/node$node/run" PGUSER=postgres
    # On machines of their own all have the same folders: here settings that were backed up on another node lead to that one's.
    case "$*" in *pg_ctl*start) sed -i "s#$folder/node[123]/#$folder/node$node/#g" "$folder/node$node/data-keyward/postgresql.conf" ;; esac
    PGPASSWORD="$(secret superuser)" as_postgres "$@"
  )
  systemctl() { "${1}_part" "$2$node"; } # start, stop
  cd /
  eval "$(fill "$node")" </dev/null
}

parts() { echo pgbouncer haproxy patroni1 patroni2 patroni3 postgres1 postgres2 postgres3 etcd1 etcd2 etcd3; }

stop_all() {
  trap - EXIT INT TERM HUP
  local part deadline
  for part in $(parts); do signal_part KILL "$part" 2>/dev/null || true; done
  # A PostgreSQL that was just starting is there only now; the folder goes when nobody writes to it any more.
  deadline=$((SECONDS + 10))
  while pgrep -f -- "$folder/" | grep -qvx "$$" && [ $SECONDS -lt $deadline ]; do
    for part in postgres1 postgres2 postgres3; do signal_part KILL "$part" 2>/dev/null || true; done
    sleep 0.1
  done
  [ -n "${KEYWARD_HA_KEEP:-}" ] || rm -rf "$folder"
}

# Waits until a command succeeds. until_true SECONDS WHAT COMMAND...
until_true() {
  local deadline=$((SECONDS + $1)) what="$2"
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || { tail -n 5 "$folder"/log/* >&2; fail "$what did not come about."; }
    sleep 0.2
  done
}
as_superuser() {
  PGPASSWORD="$(secret superuser)" PGCONNECT_TIMEOUT=2 "$postgres_bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 \
    -h "$(address 4)" -p 5000 -U postgres "$@"
}
has_synchronous_replica() {
  [ "$(as_superuser -d postgres -c "select count(*) from pg_stat_replication where sync_state = 'sync'")" = 1 ] &&
    [ "$(as_superuser -d postgres -c "select count(*) from pg_stat_replication where state = 'streaming'")" = 2 ]
}

# The number of its node, which is the last of its address.
primary() { as_superuser -d postgres -c "select split_part(host(inet_server_addr()), '.', 4)"; }
names_synchronous_replica() { timeout 20 patronictl -c "$folder/node1/patroni.yml" list | grep -q 'Sync Standby'; }

run() {
  [ ! -e "$folder" ] || fail "$folder is there already."
  for program in etcd patroni haproxy pgbouncer pgbackrest "$postgres_bin/postgres"; do
    command -v "$program" >/dev/null ||
      fail "$program is missing: apt-get install patroni etcd-server haproxy pgbouncer postgresql-15 pgbackrest"
  done
  # HAProxy and PgBouncer on node 4, which is where Keyward would run.
  mkdir -p "$folder"/{log,pid,secret,repository} "$folder"/node{1,2,3,4}/run
  chmod 700 "$folder"
  trap stop_all EXIT
  trap 'exit 1' INT TERM HUP
  # Addresses that nobody else has: each node has its standard ports.
  echo "127.$((RANDOM % 200 + 20)).$((RANDOM % 250 + 1))" >"$folder/network"
  for name in superuser replication restapi owner application cipher; do
    head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$folder/secret/$name"
  done
  for node in 1 2 3; do
    settings etcd.yml $node
    settings patroni.yml $node
    settings ../backup/pgbackrest.conf $node
  done
  settings haproxy.cfg 4
  settings pgbouncer.ini 4
  chmod 600 "$folder"/node?/* 2>/dev/null || true
  chmod 700 "$folder"/node?/run
  if [ "$(id -u)" = 0 ]; then chown -R postgres:postgres "$folder"; fi

  for node in 1 2 3; do start_part "etcd$node"; done
  for node in 1 2 3; do start_part "patroni$node"; done
  start_part haproxy
  until_true 90 'A primary with two replicas' has_synchronous_replica
  until_true 20 'A synchronous replica that Patroni chose' names_synchronous_replica
  on_node "$(primary)" <<<'runuser -u postgres -- pgbackrest --stanza=keyward stanza-create' # from then on it is archived
  # The owner, its database, and the login that Keyward works as: the owner gives keyward_runtime what it may do when it migrates.
  as_superuser -d postgres <<SQL
create role keyward login createrole password '$(secret owner)';
create database keyward owner keyward;
create role keyward_runtime nologin;
create role keyward_app login password '$(secret application)' in role keyward_runtime;
SQL
  as_superuser -d postgres -c "select format('\"%s\" \"%s\"', rolname, rolpassword) from pg_authid where rolname = 'keyward_app'" \
    >"$folder/node4/userlist.txt"
  chmod 600 "$folder/node4/userlist.txt"
  if [ "$(id -u)" = 0 ]; then chown postgres:postgres "$folder/node4/userlist.txt"; fi
  start_part pgbouncer
  until_true 20 'PgBouncer' env PGPASSWORD="$(secret application)" PGCONNECT_TIMEOUT=2 \
    "$postgres_bin/psql" -X -h "$(address 4)" -p 6432 -U keyward_app -d keyward -c 'select 1'
  say "The cluster is there until this ends. Keyward uses it with:"
  echo "DATABASE_URL=postgres://keyward:$(secret owner)@$(address 4):5000/keyward"
  echo "KEYWARD_DATABASE_RUNTIME_URL=postgres://keyward_app:$(secret application)@$(address 4):6432/keyward"
  echo "KEYWARD_PREPARED_STATEMENTS=off"
  while read -r _; do :; done
}

folder="$(realpath -m "${2:?usage: cluster.sh run|kill|hang|wake|start|list|on FOLDER [PART|NODE]}")"
case "$1" in
  run) run ;;
  kill) signal_part KILL "${3:?which part}" ;;
  hang) signal_part STOP "${3:?which part}" ;;
  wake) signal_part CONT "${3:?which part}" ;;
  start) start_part "${3:?which part}" ;;
  on) on_node "${3:?which node}" ;;
  list) timeout 20 patronictl -c "$folder/node1/patroni.yml" list ;;
  *) fail "There is no command $1." ;;
esac
