import { type Credentials } from 'customer-gateway-client';
import { type GraphQLRequest } from '../request-body.js';
import { toCurl } from './curl.js';
import { toNode } from './node.js';
import { toPython } from './python.js';

/** What a snippet sends: the request of the editors, signed with the credentials of the page. */
export interface SnippetRequest {
  /** Origin of the gateway, such as `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** Path of the endpoint, such as `/graphql`. It is part of what is signed. */
  readonly path: string;
  readonly credentials: Credentials;
  readonly request: GraphQLRequest;
}

/**
 * A program that sends the request and prints the response. It computes its own timestamp and signature, so it can be run at
 * any time. It contains the credentials.
 */
export type Snippet = (request: SnippetRequest) => string;

/** The formats of "Copy as", in the order of the menu. */
export const snippets: Readonly<Record<string, Snippet>> = {
  curl: toCurl,
  'Node.js': toNode,
  Python: toPython,
};
