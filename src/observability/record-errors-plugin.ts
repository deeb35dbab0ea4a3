import { type ApolloServerPlugin } from '@apollo/server';
import { errorCodes } from '../errors/error-codes.js';
import { type RecordContext } from './record-context.js';

/** Records the errors of a response, once other plugins have changed them. */
export const recordErrorsPlugin: ApolloServerPlugin<RecordContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response: { body }, contextValue: { record } }) {
        if (body.kind !== 'single') return;
        for (const { path, extensions } of body.singleResult.errors ?? []) {
          const code = extensions?.['code'];
          record.fail(path?.[0], typeof code === 'string' ? code : errorCodes.INTERNAL_SERVER_ERROR);
        }
      },
    };
  },
};
