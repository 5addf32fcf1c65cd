#!/usr/bin/env bash
# npm run test:image: puts together what the image holds (Dockerfile, last stage) and runs it as the image is run, without an engine for
# containers: files of root's that nobody may write, every file system read-only but an empty /tmp, an account of no rights, no
# capabilities. Linux, as root, after `npm run build`. KEYWARD_IMAGE_FILES names a folder with the files of an earlier run (with
# KEYWARD_KEEP_IMAGE_FILES=1 it is kept).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
node="$(readlink -f node_modules/.bin/node)"
work="$(mktemp -d /var/tmp/keyward-image-XXXXXX)"
files="${KEYWARD_IMAGE_FILES:-$work/app}"
started=()
finish() {
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  wait 2>/dev/null || true
  [ -n "${KEYWARD_KEEP_IMAGE_FILES:-}" ] || rm -rf "$work"
}
trap finish EXIT
say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*"; tail -n 20 "$work"/*.log; exit 1; }

if [ ! -d "$files" ]; then
  mkdir -p "$files/web"
  cp package.json package-lock.json "$files"
  cp web/package.json "$files/web"
  (cd "$files" && npm ci --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error)
  # What the Dockerfile leaves out, read from it.
  leftOut="$(sed -n '/rm -rf/,/[^\\]$/p' Dockerfile | sed 's/.*rm -rf//; s/\\//' | tr '\n' ' ')"
  (cd "$files/node_modules" && eval "rm -rf $leftOut")
  mkdir "$files/bin"
  cp bin/*.mjs "$files/bin"
  (cd "$files" && "$node" bin/sbom.mjs >sbom.cdx.json)
  rm -r "$files/web" "$files/package-lock.json"
  cp -r dist prisma LICENSE "$files"
  chown -R root:root "$files"
  chmod -R a+rX,go-w "$files"
fi
cp "$node" "$work/node"
chmod 711 "$work"

say "database ..."
"$node" --input-type=module -e "
  const { startEmbeddedPostgres } = await import('$PWD/dist/database/embedded-postgres.js');
  const postgres = await startEmbeddedPostgres('$work/data');
  process.stdout.write(postgres.connectionString + '\n');
  process.on('SIGTERM', () => postgres.stop().then(() => process.exit()));
  setInterval(() => undefined, 60_000);
" >"$work/url" 2>"$work/postgres.log" &
started+=($!)
for _ in $(seq 100); do [ -s "$work/url" ] && break || sleep 0.2; done
url="$(cat "$work/url")"

# As a container does it; the ports are this machine's.
keyward() {
  unshare --mount -- bash -euc '
    mount --make-rprivate /
    cd "$1"; shift
    mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs /tmp
    awk "\$5 != \"/tmp\" { print \$5 }" /proc/self/mountinfo | while read -r at; do
      mount -o remount,bind,ro "$at" 2>/dev/null || true
    done
    exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
  ' keyward "$files" env -i PATH=/usr/bin NODE_ENV=production KEYWARD_DATA_DIR=/var/lib/keyward HOST=127.0.0.1 \
    DATABASE_URL="$url" KEYWARD_KEY_ENCRYPTION_KEY="$key" KEYWARD_PUBLIC_URL=http://localhost:14000 "$@"
}
key="$(head -c 32 /dev/urandom | base64)"
as="$work/node bin/keyward.mjs"
answers() { for _ in $(seq 150); do curl -fs "$1" >/dev/null && return 0 || sleep 0.2; done; fail "$1 does not answer"; }

if keyward "$work/node" -e 'require("fs").writeFileSync("written", "")' 2>/dev/null; then fail "a file could be written"; fi
if keyward "$work/node" -e 'require("fs").writeFileSync("/var/tmp/written", "")' 2>/dev/null; then fail "a file could be written"; fi
say "nothing can be written but in /tmp"
keyward $as migrate
PORT=14000 && keyward PORT=$PORT KEYWARD_METRICS_PORT=14064 $as serve --role api >"$work/api.log" 2>&1 &
started+=($!)
keyward PORT=14001 KEYWARD_METRICS_PORT=14065 $as serve --role worker >"$work/worker.log" 2>&1 &
started+=($!)
answers http://127.0.0.1:14000/readyz
answers http://127.0.0.1:14001/readyz
# The health check of the Dockerfile, as it stands there.
health="$(sed -n 's/^  CMD \["node", "-e", "\(.*\)"\]$/\1/p' Dockerfile)"
keyward PORT=14000 "$work/node" -e "$health" || fail "the health check"
say "api and worker are ready: $(curl -fs http://127.0.0.1:14000/readyz)"
for port in 14064 14065; do curl -fs "http://127.0.0.1:$port/metrics" | grep -q '^keyward_info' || fail "metrics at $port"; done
curl -fs -H 'accept: text/html' http://127.0.0.1:14000/ | grep -qi '<title>' || fail "the console"
password="$(keyward $as create-admin --username root@example.com | sed -n 's/^Password: *//p')"
token="$(curl -fs http://127.0.0.1:14000/auth/login -H 'content-type: application/json' \
  -d "{\"username\":\"root@example.com\",\"password\":\"$password\"}" | sed 's/.*"accessToken":"\([^"]*\)".*/\1/')"
curl -fs http://127.0.0.1:14000/graphql -H "authorization: Bearer $token" -H 'content-type: application/json' \
  -d '{"query":"mutation { createServiceProvider(input: { name: \"First\" }) { serviceProvider { name } userErrors { code } } }"}' |
  grep -q '"name":"First"' || fail "a mutation"
say "metrics, console, sign-in and a mutation: ok"
keyward $as doctor || fail "doctor"
for process in "${started[@]:1}"; do
  child="$(pgrep -P "$process" || echo "$process")"
  kill -TERM $child
  code=0; wait "$process" || code=$?
  [ "$code" = 0 ] || fail "a process ended with $code"
done
started=("${started[0]}")
say "both stopped in good order"
