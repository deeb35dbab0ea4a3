/** Limits of published documents. The bytes of one document are a bound of the gateway (`GRAPHQL_MAX_DOCUMENT_BYTES`). */
export const limits = {
  /** Bytes of a manifest. */
  manifestBytes: 5_242_880,
  /** Documents of a manifest. */
  manifestDocuments: 1_000,
  /** Documents of a client. */
  documents: 2_000,
  /** Bytes of all documents of a client. */
  clientBytes: 10_485_760,
  /** Characters of the ID of a document. */
  idLength: 128,
} as const;
