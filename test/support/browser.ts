import { type Browser, chromium } from 'playwright-core';

/** What keeps Chromium from asking its maker's hosts at every start. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

/** Starts the machine's own headless Chromium. A test opens a context of its own in it. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    // Its sandbox wants an account that is not root; it opens nothing here but what we serve.
    args: ['--no-sandbox', '--disable-gpu', ...QUIET],
  });
}
