import { type ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, type FormattedExecutionResult, OperationTypeNode } from 'graphql';
import { type GatewayContext } from '../context.js';
import { jsonBytes, jsonWithin, ResponseTooLarge } from '../../concurrency/response-bytes.js';
import { hasAliases } from './has-aliases.js';

/** The JSON of results by their data, from when it is measured until Apollo Server asks for it. */
const measured = new WeakMap<object, string>();

/** Replaces a response that has too many bytes by an error. The last plugin: no other may change the response after it. */
export const responsePlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, document, operation, contextValue: { response: held } }) {
        if (response.body.kind !== 'single') return;
        const { data } = response.body.singleResult;
        const json = measuredJson(response.body.singleResult, document, held.limit);
        if (json !== undefined) {
          if (data) measured.set(data, json);
          return;
        }
        const isMutation = operation?.operation === OperationTypeNode.MUTATION;
        const executed = isMutation ? 'The mutation was executed. ' : '';
        const message = `${executed}The response would exceed ${held.limit} bytes.`;
        response.body.singleResult = { errors: [new ResponseTooLarge(message, held.limit).toJSON()] };
        response.http.status = 200;
      },
    };
  },
};

/**
 * The JSON of a result, or undefined if it has more bytes than `limit`. With aliases, a part that {@link jsonWithin} writes could be
 * much larger than what was read for it, so such a result is measured first.
 */
export function measuredJson(
  result: FormattedExecutionResult,
  document: DocumentNode | undefined,
  limit: number,
): string | undefined {
  if (document && hasAliases(document) && jsonBytes(result, limit) > limit) return undefined;
  return jsonWithin(result, limit);
}

/** The JSON of a response: that which {@link responsePlugin} measured, if it has data. */
export function stringifyResult(result: FormattedExecutionResult): string {
  const json = result.data ? measured.get(result.data) : undefined;
  return `${json ?? JSON.stringify(result)}\n`;
}
