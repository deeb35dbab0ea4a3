import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Keeps Chromium from contacting the hosts of its vendor at every start. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** The headless shell takes half the CPU of Chromium with a hidden window. The first that the machine has is used. */
const PROGRAMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** Starts the Chromium of this machine, headless. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: PROGRAMS.find((program) => existsSync(program)) ?? 'chromium',
    // The sandbox does not run as root. The tests open pages of this project only.
    args: ['--no-sandbox', '--disable-gpu', ...QUIET],
  });
}
