import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { variables } from '../../src/config/environment.js';

const CHART = 'deploy/helm/customer-gateway';

const chart = parse(await readFile(`${CHART}/Chart.yaml`, 'utf8'));
const schema = JSON.parse(await readFile(`${CHART}/values.schema.json`, 'utf8'));

test('the chart has the version of the gateway, and its image too', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(chart).toMatchObject({ version, appVersion: version });
});

test('the chart takes every setting, those that are secret from Secrets', () => {
  const { secrets, settings } = schema.properties;
  const set = ['NODE_ENV', 'PORT', 'DATA_DIR', 'MIGRATE', 'WEBHOOKS'];
  const taken = [...Object.keys(secrets.properties), ...Object.keys(settings.properties)];
  expect(new Set(taken).size).toBe(taken.length);
  const missing = Object.keys(variables.shape).filter(
    (name) => ![...taken, ...set].includes(name.replace(/_FILE$/, '')),
  );
  expect(missing).toEqual([]);
});

test('no setting of the chart’s values is secret', () => {
  const { secrets, settings } = schema.properties;
  const secret = /KEY$|TOKEN$|SECRET|PASSWORD|^(?:DATABASE|REDIS).*_URL$/;
  expect(Object.keys(secrets.properties).filter((name) => !secret.test(name))).toEqual([]);
  expect(Object.keys(settings.properties).filter((name) => secret.test(name))).toEqual([]);
});
