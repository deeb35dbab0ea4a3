import 'reflect-metadata';
import { reportFailure, runCommand } from './run-command.js';
import { withAbortOnSignal } from './stop-signal.js';

// The last writes, and those of commander, can fail after the command has ended.
process.stdout.on('error', (error) => {
  process.exitCode = reportFailure(error, process.stderr);
});

const { env, stdout, stderr } = process;
const code = await runCommand(process.argv.slice(2), {
  env,
  stdout,
  stderr,
  get stdin() {
    return process.stdin;
  },
  withAbortOnSignal,
});
// A success must not hide a failure of stdout.
if (code !== 0) process.exitCode = code;
