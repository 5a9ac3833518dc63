/**
 * Attacks I1, I7 and I17: a Redis that is there and does not answer (SIGSTOP). Every connection stays open, so that
 * nothing but silence tells; alerts must merge, steps fire and pages leave about as without Redis, and when it speaks
 * again the queues must carry as before.
 */
import { join } from 'node:path';
import { findSilentIncidents, openPool } from '@tocsin/store';
import { until } from '@tocsin/testing';
import { startLoad } from '../../system/load';
import { System } from '../../system/run-system';

const config = join(__dirname, '../../system/config');
const sites = Array.from({ length: 6 }, (_, n) => `site-${n + 1}`);
const hangS = 8;

it('a Redis that hangs delays nothing by more than its silence is told by, and is used again when it answers', async () => {
  const system = await System.start({ config });
  const pool = openPool({ url: system.run.postgres, name: 'chaos', max: 2 });
  const { redis } = system.run;
  if (redis === null) throw new Error('the system runs without Redis');
  try {
    const load = startLoad(system, {
      perSecond: 50,
      seconds: 4 + hangS + 8,
      alert: (n) => ({
        key: `hang-${n}`,
        site: sites[n % 6],
        category: `c${n % 40}`,
        title: `Hang ${n}`,
        zone: 'gate',
      }),
    });
    const at = async (): Promise<number> =>
      Number((await pool.query<{ at: string }>('SELECT micros(clock_timestamp()) AS at')).rows[0]?.at);
    const wait = (s: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, s * 1_000));
    await wait(4);
    const stoppedAt = await at();
    system.killServer(redis, 'SIGSTOP');
    await wait(hangS);
    system.killServer(redis, 'SIGCONT');
    const speaksAt = await at();
    await load.done;
    await until(async () => (await pool.query('SELECT 1 FROM alert WHERE merged_at IS NULL')).rowCount === 0, {
      timeoutMs: 20_000,
    });
    const waits = async (column: string, from: number, to: number): Promise<number[]> =>
      (
        await pool.query<{ s: number }>(
          `SELECT extract(epoch FROM ${column})::float8 AS s FROM alert
           WHERE key LIKE 'hang-%' AND accepted_at BETWEEN instant($1) AND instant($2) ORDER BY 1`,
          [from, to],
        )
      ).rows.map(({ s }) => s);
    // The first second tells that it is silent; from then on the sweepers take the rows at once.
    const hanging = await waits('merged_at - accepted_at', stoppedAt + 3_000_000, speaksAt);
    const after = await waits('merged_at - accepted_at', speaksAt + 3_000_000, speaksAt + 7_000_000);
    expect(hanging.length).toBeGreaterThan(100);
    expect(hanging.at(-1)).toBeLessThan(2.5);
    expect(hanging[hanging.length >> 1]).toBeLessThan(0.6);
    expect(after[after.length >> 1]).toBeLessThan(0.6);
    const late = await pool.query(
      `SELECT 1 FROM event WHERE type = 'escalation.step' AND at - (data ->> 'dueAt')::timestamptz > interval '2.5 seconds'`,
    );
    expect(late.rowCount).toBe(0);
    expect(await findSilentIncidents(pool)).toEqual([]);
  } finally {
    await pool.end();
    await system.stop();
  }
}, 240_000);
