#!/usr/bin/env bash
# Stands in for systemd where none runs: starts and stops the program that a unit names, with the unit's account,
# environment and folder. It knows what the units of docs/production.md use. Sandboxing is systemd's own and is not applied.
set -euo pipefail
verb=$1
unit=${!#}
[ "$verb" = daemon-reload ] && exit

for file in "/etc/systemd/system/$unit.service" "/lib/systemd/system/$unit.service"; do
  [ -e "$file" ] && break
done
setting() { sed -n "s/^$1=//p" "$file" | head -n 1; }
pidfile=$(setting PIDFile)
pidfile=${pidfile:-/run/$unit.pid}

stop() {
  [ -s "$pidfile" ] || return 0
  local pid
  pid=$(cat "$pidfile")
  kill "$pid" 2>/dev/null || return 0
  # Ended, whether or not its parent has taken notice.
  while grep -qs '^State:[[:space:]]*[^Z]' "/proc/$pid/status"; do sleep 0.1; done
}

start() {
  local user
  user=$(setting User)
  for assignment in $(setting Environment); do export "$assignment"; done
  if [ -n "$(setting EnvironmentFile)" ]; then
    set -a
    . "$(setting EnvironmentFile)"
    set +a
  fi
  cd "$(setting WorkingDirectory)/"
  for directory in $(setting RuntimeDirectory); do install -d -o "$user" "/run/$directory"; done
  local as=()
  [ -n "$user" ] && export HOME=$(getent passwd "$user" | cut -d: -f6) &&
    as=(setpriv --reuid="$user" --regid="$(setting Group)" --init-groups)
  setsid "${as[@]}" bash -c "exec $(setting ExecStart)" >>"/var/log/$unit.log" 2>&1 </dev/null &
  [ -n "$(setting PIDFile)" ] || echo $! >"$pidfile"
  eval "$(setting ExecStartPost)"
}

case $verb in
stop) stop ;;
start | enable) start ;;
restart) stop && start ;;
*) echo "systemctl $verb is not known here" >&2 && exit 1 ;;
esac
