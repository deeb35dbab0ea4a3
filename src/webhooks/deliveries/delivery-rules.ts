import { z } from 'zod';
import { decodeEventCursor } from '../../customers/events/event-cursor.js';
import { cursor } from '../../customers/events/event-rules.js';
import { type Checked, fieldErrors } from '../../validation/field-errors.js';
import { numberWithin } from '../../validation/number-within.js';
import { limits } from '../limits.js';
import { type WebhookDeliveriesArgs } from './deliveries.args.js';
import { WebhookDeliveryStatus } from './delivery-status.js';

const rules = z.object({
  first: numberWithin(1, limits.pageSize, limits.defaultPageSize),
  after: cursor(decodeEventCursor, null),
  status: z
    .enum(WebhookDeliveryStatus)
    .nullish()
    .transform((status) => status ?? null),
});

/** Checks the arguments of `deliveries`. `after` is the ID of a delivery, or null. */
export function checkDeliveries(args: WebhookDeliveriesArgs): Checked<z.output<typeof rules>> {
  const parsed = rules.safeParse(args);
  return parsed.success ? parsed.data : { errors: fieldErrors(parsed.error) };
}
