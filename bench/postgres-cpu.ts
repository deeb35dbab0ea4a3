import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of `/proc` are 10 ms on every Linux that Node supports (USER_HZ). */
const MS_PER_TICK = 10;

/** Places in `/proc/<pid>/stat` after the name of the process: the CPU time of it and of its ended children (proc_pid_stat(5)). */
const CPU_TIMES = [11, 12, 13, 14] as const;

/**
 * CPU time that all PostgreSQL processes of this machine have used, in ms. On a system without `/proc` it is NaN: PostgreSQL does not
 * report its own.
 */
export function postgresCpuMs(): number {
  const pids = processes();
  if (pids.length === 0) return Number.NaN;
  let ticks = 0;
  for (const pid of pids) {
    const stat = statOf(pid);
    if (!stat.includes('(postgres)')) continue;
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    for (const place of CPU_TIMES) ticks += Number(fields[place]);
  }
  return ticks * MS_PER_TICK;
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It has ended; the one that started it has its time.
    return '';
  }
}
