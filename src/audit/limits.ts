/** Limits of an entry of the audit log, in characters. */
export const limits = {
  /** The operator, the account and the host. */
  textLength: 255,
  /** An IPv6 address with a zone. */
  addressLength: 64,
  versionLength: 64,
  actionLength: 64,
} as const;
