import { type Finished, type Running, startProgram } from './process.js';

/** An operator at the command line. */
export interface Operator {
  /** Runs a command to its end. */
  run(...args: string[]): Promise<Finished>;
  /** Starts a command that may be stopped. */
  start(...args: string[]): Running;
  /** Runs a command that must succeed. @returns its answer in JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- an answer has whatever shape its test asserts
  ask(...args: string[]): Promise<any>;
}

/** One who works with these environment variables, which are those of the gateway. */
export function operator(variables: Readonly<Record<string, string>>): Operator {
  const startCommand = (...args: string[]) =>
    startProgram(process.execPath, ['bin/customer-gateway.js', ...args], variables);
  const runCommand = (...args: string[]) => startCommand(...args).finished;
  return {
    run: runCommand,
    start: startCommand,
    async ask(...args) {
      const { code, stdout, stderr } = await runCommand(...args, '--json');
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
  };
}
