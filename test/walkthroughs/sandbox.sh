# Run by `unshare --mount --pid --fork`, as root: from here on this process and its children see their own /etc, /opt,
# /run, /usr/local and /var, which disappear with them, and Debian's PostgreSQL, Redis, nginx and Caddy as if they had just
# been installed. $1: an empty folder. $2: a program to use as systemctl.
set -euo pipefail
mount -t proc proc /proc
mount -t tmpfs tmpfs "$1"
for folder in etc opt run usr/local var; do
  mkdir -p "$1/$folder/upper" "$1/$folder/work"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$1/$folder/upper,workdir=$1/$folder/work" "/$folder"
done
rm -rf /etc/postgresql/* /run/postgresql /run/redis /var/lib/postgresql/* /var/lib/redis/* /etc/nginx/conf.d/* \
  /etc/nginx/sites-enabled/*
install -m 0755 "$2" /usr/local/bin/systemctl
# What `journalctl -u UNIT` shows is what the unit wrote.
printf '#!/bin/sh\ncat "/var/log/$2.log"\n' | install -m 0755 /dev/stdin /usr/local/bin/journalctl
echo '127.0.0.1 localhost api.example.com' >/etc/hosts
