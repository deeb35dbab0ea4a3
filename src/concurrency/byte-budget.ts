/** The part of a budget that one client may hold. */
const CLIENT_PART = 0.5;

/** Counts the bytes that requests hold in memory at the same time, of all clients together and of each. */
export class ByteBudget {
  #total = 0;
  /** By client ID. Only clients that hold bytes have an entry. */
  readonly #byClient = new Map<string, number>();

  /** @param max - bytes of all clients together; one client may hold half of them. */
  constructor(private readonly max: number) {}

  /** Whether there is room for `bytes` more of a client. */
  hasRoomFor(clientId: string, bytes: number): boolean {
    const held = this.#byClient.get(clientId) ?? 0;
    return this.#total + bytes <= this.max && held + bytes <= this.max * CLIENT_PART;
  }

  /** Counts bytes, or with a negative number gives them back. */
  add(clientId: string, bytes: number): void {
    this.#total += bytes;
    const held = (this.#byClient.get(clientId) ?? 0) + bytes;
    if (held > 0) this.#byClient.set(clientId, held);
    else this.#byClient.delete(clientId);
  }
}
