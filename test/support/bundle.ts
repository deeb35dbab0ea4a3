import { run } from './process.js';

/** Bundles the build: tests of whole processes run what a release has. */
export default async function bundle(): Promise<void> {
  const { code, stderr } = await run(process.execPath, ['bundle/bundle.ts']);
  if (code !== 0) throw new Error(`The build cannot be bundled:\n${stderr}`);
}
