import { type ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { type GatewayContext } from '../context.js';
import { exceeds, ResponseTooLarge } from '../../concurrency/response-bytes.js';

/** Replaces a response that has too many bytes by an error, before its JSON is made. */
export const responsePlugin: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, operation, contextValue: { response: held } }) {
        if (response.body.kind !== 'single') return;
        if (!exceeds(response.body.singleResult, held.limit)) return;
        const isMutation = operation?.operation === OperationTypeNode.MUTATION;
        const executed = isMutation ? 'The mutation was executed. ' : '';
        const message = `${executed}The response would exceed ${held.limit} bytes.`;
        response.body.singleResult = { errors: [new ResponseTooLarge(message, held.limit).toJSON()] };
        response.http.status = 200;
      },
    };
  },
};
