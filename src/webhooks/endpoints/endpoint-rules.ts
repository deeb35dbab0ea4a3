import { z } from 'zod';
import { CustomerEventType, EVENT_TYPES } from '../../customers/events/event-type.js';
import { FieldErrorCode } from '../../validation/field-error-code.js';
import { type Checked, fieldErrors } from '../../validation/field-errors.js';
import { duplicate, listOf } from '../../validation/list-of.js';
import { optionalText, report, requiredText } from '../../validation/text-rules.js';
import { limits } from '../limits.js';
import { webhookUrlProblem, type WebhookUrlRules } from '../send/webhook-url.js';
import {
  type CreateWebhookEndpointInput,
  type UpdateWebhookEndpointInput,
} from './webhook-endpoint.input.js';

/** The checked fields of an endpoint. */
export interface EndpointDraft {
  readonly url: string;
  /** Null for all types. */
  readonly types: CustomerEventType[] | null;
  readonly description: string | null;
}

/** The checked fields of an update. An absent field is left unchanged. */
export type EndpointPatch = { readonly [Field in keyof EndpointDraft]?: EndpointDraft[Field] | undefined } & {
  readonly paused?: boolean | null | undefined;
};

const types = listOf(z.enum(CustomerEventType), EVENT_TYPES)
  .superRefine((list, context) => {
    for (const [index, type] of list.entries()) {
      if (list.indexOf(type) < index) report(context, duplicate, [index]);
    }
  })
  .transform((list) => (list.length > 0 ? list : null));

/** Checks the input of endpoints. */
export class EndpointRules {
  readonly #create;
  readonly #update;

  constructor(rules: WebhookUrlRules) {
    const url = requiredText(limits.url, (text) => {
      const problem = webhookUrlProblem(text, rules);
      return problem === undefined ? text : { code: FieldErrorCode.INVALID_URL, message: problem };
    });
    const description = optionalText(limits.description);
    this.#create = z.object({ url, types, description });
    this.#update = z.object({
      url: url.optional(),
      types: types.optional(),
      description: description.optional(),
      paused: z.boolean().nullish(),
    });
  }

  checkNew(input: CreateWebhookEndpointInput): Checked<EndpointDraft> {
    const parsed = this.#create.safeParse(input);
    return parsed.success ? parsed.data : { errors: fieldErrors(parsed.error) };
  }

  checkUpdate(input: UpdateWebhookEndpointInput): Checked<EndpointPatch> {
    const parsed = this.#update.safeParse(input);
    return parsed.success ? parsed.data : { errors: fieldErrors(parsed.error) };
  }
}
