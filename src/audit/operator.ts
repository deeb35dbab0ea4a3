/** Who runs a command, and where. Everything here is what the process reports; only PostgreSQL's role is verified. */
export interface Operator {
  /** `--as`, or the account and the host. */
  readonly operator: string;
  /** The account of the operating system. */
  readonly account: string;
  readonly host: string;
  /** The address of the SSH client, if there is one. */
  readonly clientAddress: string | null;
  readonly pid: number;
  /** The version of the gateway. */
  readonly version: string;
}
