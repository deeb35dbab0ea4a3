import { z } from 'zod';
import { variables } from '../dist/src/config/environment.js';

/** Settings that the templates of the chart decide, or that mean nothing in a container. */
const SET_BY_CHART: ReadonlySet<string> = new Set(['NODE_ENV', 'PORT', 'DATA_DIR', 'MIGRATE', 'WEBHOOKS']);

const chartSchema = z.looseObject({
  properties: z.looseObject({
    secrets: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
    settings: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
  }),
});

/**
 * The schema of the chart's values with the current settings.
 *
 * @param text - `values.schema.json`, which lists the settings that come from Secrets.
 */
export function withSettings(text: string): string {
  const schema = chartSchema.parse(JSON.parse(text));
  const { secrets, settings } = schema.properties;
  settings.properties = Object.fromEntries(
    Object.entries(variables.shape)
      // A file of a secret is an alternative to its variable.
      .filter(([name]) => !SET_BY_CHART.has(name) && !(name.replace(/_FILE$/, '') in secrets.properties))
      .map(([name, setting]) => [name, valueSchema(setting)]),
  );
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** What a value may be in YAML, where numbers need no quotes and `on` is read as `true`. */
function valueSchema(setting: z.ZodType): object {
  const {
    type,
    enum: choices,
    pattern,
    minimum,
    maximum,
    description,
  } = settingSchema.parse(z.toJSONSchema(setting, { io: 'input', unrepresentable: 'any' }));
  if (choices?.includes('on')) return { description, enum: [...choices, true, false] };
  if (choices) return { description, enum: choices };
  if (pattern === '^\\d+$') return { description, type: ['integer', 'string'], pattern, minimum: 0 };
  return { description, type, pattern, minimum, maximum };
}

const settingSchema = z.object({
  type: z.string(),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  description: z.string(),
});
