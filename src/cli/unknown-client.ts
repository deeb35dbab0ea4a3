/** The error for a client that a command cannot use. */
export function unknownClient(clientId: string): Error {
  return new Error(`Client ${clientId} does not exist or is revoked.`);
}
