/** Whether an address, or the host of a URL or a `Host` header without its port, is this machine's own. */
export function isLoopback(host: string): boolean {
  return /^(localhost|(::ffff:)?127(\.\d+){3}|::1|\[::1\])$/.test(host);
}
