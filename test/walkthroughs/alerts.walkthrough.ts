import { expect, test } from 'vitest';
import { run } from '../support/process.js';
import { describeWith } from '../support/programs.js';

const promtool = (...args: string[]) => run('promtool', args);

describeWith('promtool')('the alerts', () => {
  test('are rules that Prometheus loads', async () => {
    const { code, stdout, stderr } = await promtool('check', 'rules', 'deploy/prometheus/alerts.yml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('SUCCESS');
  });

  test('fire for what they are for, and not before', async () => {
    const result = await promtool('test', 'rules', 'deploy/prometheus/alerts.test.yml');
    expect(result).toMatchObject({ code: 0, stderr: '' });
  });
});
