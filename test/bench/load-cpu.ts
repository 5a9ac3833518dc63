import { readdirSync, readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import type { BenchSystem } from './load-system';

interface Used {
  readonly parent: number;
  readonly micros: number;
  /** Of its children that have ended and that it has noticed. */
  readonly ended: number;
}

/** CPU of one process, in microseconds, at 100 ticks a second; null where there is no /proc or no such process. */
function used(pid: number | string): Used | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    const ticks = (at: number): number => (Number(fields[at]) + Number(fields[at + 1])) * 10_000;
    return { parent: Number(fields[1]), micros: ticks(11), ended: ticks(13) };
  } catch {
    return null;
  }
}

export const cpuMicros = (pid: number): number => used(pid)?.micros ?? 0;

/**
 * Who used the processor: it tells more than a rate when others use the same cores, and where the time goes when a rate
 * is too low. PostgreSQL is its server and all its children.
 */
export class CpuAccount {
  private readonly before: Record<string, number>;

  private constructor(private readonly pids: Readonly<Record<string, number>>) {
    this.before = this.now();
  }

  static async open({ system, pool }: BenchSystem): Promise<CpuAccount> {
    const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const postgres = used(rows[0]?.pid ?? 0)?.parent ?? 0;
    const services = Object.fromEntries(Object.entries(system.run.services).map(([name, { pid }]) => [name, pid]));
    return new CpuAccount({
      ...services,
      postgres,
      ...(system.run.redis ? { redis: await redisPid(system.run.redis) } : {}),
      'load generator': process.pid,
    });
  }

  /** "engine 120, postgres 300, ... = 700 µs" for each of `count`. */
  text(count: number): string {
    const after = this.now();
    const each = Object.keys(after).map(
      (name) => [name, Math.round(((after[name] ?? 0) - (this.before[name] ?? 0)) / Math.max(1, count))] as const,
    );
    return `CPU of each: ${each.map(([name, micros]) => `${name} ${micros}`).join(', ')} = ${each.reduce((sum, [, micros]) => sum + micros, 0)} µs`;
  }

  private now(): Record<string, number> {
    const children = new Map<number, number>();
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const one = used(pid);
      if (one) children.set(one.parent, (children.get(one.parent) ?? 0) + one.micros);
    }
    const of = (name: string, pid: number): number =>
      cpuMicros(pid) + (name === 'postgres' ? (children.get(pid) ?? 0) + (used(pid)?.ended ?? 0) : 0);
    return Object.fromEntries(Object.entries(this.pids).map(([name, pid]) => [name, of(name, pid)]));
  }
}

async function redisPid(url: string): Promise<number> {
  const redis = new Redis(url);
  const info = await redis.info('server');
  redis.disconnect();
  return Number(/process_id:(\d+)/.exec(info)?.[1] ?? 0);
}
