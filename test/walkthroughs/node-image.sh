# Writes the root file system of an image with Node and npm from this machine's files, for machines that reach no registry of
# images. Arguments: folder to write, the program `node` to copy.
set -eu
root=$1
node=$2

mkdir -p "$root"/{dev,etc/ssl/certs,home/node,proc,root,tmp,usr/bin,usr/local/bin,usr/local/etc,usr/local/lib/node_modules}
ln -s usr/bin "$root/bin"
chmod 1777 "$root/tmp"
chown 1000:1000 "$root/home/node"
printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'node:x:1000:1000::/home/node:/bin/sh' >"$root/etc/passwd"
printf '%s\n' 'root:x:0:' 'node:x:1000:' >"$root/etc/group"

# npm runs scripts with sh, and starts through env.
cp -L "$node" "$root/usr/local/bin/node"
cp -L /bin/sh /usr/bin/env "$root/usr/bin/"
libraries=$(ldd "$node" /bin/sh /usr/bin/env | grep -o '/[^ )]*\.so[^ )]*' | sort -u)
# Of glibc, which the official image has completely; the bundler needs it too.
libraries+=" $(dirname "$(grep -m 1 '/libc\.so' <<<"$libraries")")/librt.so.1"
for library in $libraries; do
  mkdir -p "$root${library%/*}"
  cp -L "$library" "$root$library"
done
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"

# npm's registry and the authorities that it trusts are those of this machine. As in .npmrc, what npm's cache has is not asked for.
registry=$(npm config get registry)
authorities=$(npm config get cafile)
printf 'registry=%s\nprefer-offline=true\n' "$registry" >"$root/usr/local/etc/npmrc"
if [ -e "$authorities" ]; then
  cp -L "$authorities" "$root/etc/ssl/certs/npm.crt"
  printf 'cafile=/etc/ssl/certs/npm.crt\n' >>"$root/usr/local/etc/npmrc"
fi
for file in /etc/resolv.conf /etc/hosts /etc/nsswitch.conf; do
  if [ -e "$file" ]; then cp -L "$file" "$root$file"; fi
done
