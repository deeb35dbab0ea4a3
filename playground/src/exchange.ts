import { type SignedRequest } from 'customer-gateway-client';
import { type ExecutionResult } from 'graphql';

/** A signed request and its response. */
export interface Exchange {
  readonly signed: SignedRequest;
  /** HTTP status. */
  readonly status: number;
  /** From sending the request to the last byte of the response, in ms. */
  readonly ms: number;
  /** The `RateLimit-*` headers; only an authenticated request has them. */
  readonly limit: RateLimit | undefined;
  readonly requestId: string | null;
  /** The gateway's clock, from the `Date` header, in ms since the epoch with a resolution of 1 s. */
  readonly gatewayTime: number;
  /** The JSON of the response. */
  readonly result: ExecutionResult<Record<string, unknown>>;
}

export interface RateLimit {
  readonly limit: string | null;
  readonly remaining: string;
  /** In seconds. */
  readonly reset: string | null;
}
