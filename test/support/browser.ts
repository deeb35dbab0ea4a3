import { type Browser, chromium } from 'playwright-core';

/** Keeps Chromium from contacting the hosts of its vendor at every start. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** Starts the Chromium of this machine, headless. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    // The sandbox does not run as root. The tests open pages of this project only.
    args: ['--no-sandbox', '--disable-gpu', ...QUIET],
  });
}
