/**
 * Attacks I1 (no loss), I3 (idempotence), I5 (one incident each), I7 (steps complete, once, on time), I14 (consoles
 * converge) and "never silent": SIGKILL of every service, of Redis and of PostgreSQL, and FLUSHALL, under 200 alerts/s.
 */
import { join } from 'node:path';
import { findSilentIncidents, openPool } from '@tocsin/store';
import { Redis } from 'ioredis';
import { randomFrom, shuffled } from '../../system/random';
import { startLoad } from '../../system/load';
import { type Console, Person } from '../../system/people';
import { System } from '../../system/run-system';
import { until } from '@tocsin/testing';

const config = join(__dirname, '../../system/config');
const sites = Array.from({ length: 6 }, (_, n) => `site-${n + 1}`);
const categories = ['intrusion', 'tamper', 'technical', 'panic', 'fire'];
const seed = Number(process.env['SEED'] ?? 20_261_124);

type Fault = 'intake' | 'engine' | 'notifier' | 'gateway' | 'redis' | 'postgres' | 'flushall';

async function inflict(system: System, fault: Fault): Promise<void> {
  const { postgres, redis } = system.run;
  if (fault === 'postgres') return system.killServer(postgres);
  if (fault === 'redis') return redis ? system.killServer(redis) : undefined;
  if (fault !== 'flushall') return system.killService(fault);
  if (redis === null) return;
  const client = new Redis(redis, { maxRetriesPerRequest: 1, lazyConnect: true });
  client.on('error', () => {});
  await client.flushall().catch(() => {});
  client.disconnect();
}

async function story(withoutRedis: boolean, faults: readonly Fault[]): Promise<void> {
  const random = randomFrom(seed);
  const system = await System.start({ config, withoutRedis });
  const consoles: Console[] = [];
  try {
    const operator = await Person.signIn(system, 'operator');
    consoles.push(operator.console(), operator.console(), operator.console());
    await until(() => consoles.every((console) => console.connected), { what: 'consoles connected' });
    const load = startLoad(system, {
      perSecond: 200,
      seconds: faults.length * 5 + 5,
      alert: (n) => ({
        key: `chaos-${n}`,
        site: sites[n % sites.length],
        category: categories[n % categories.length],
        title: `Chaos ${n}`,
        zone: 'gate',
      }),
    });
    for (const fault of shuffled(faults, random)) {
      await new Promise((resolve) => setTimeout(resolve, 3_000 + random() * 2_000));
      await inflict(system, fault);
    }
    await load.done;
    await system.ready();
    await checkRecord(system, load.accepted, [...load.open]);
    await until(async () => sameAsServer(operator, consoles), {
      timeoutMs: 10_000,
      everyMs: 250,
      what: 'every console equals the server',
    });
    expect(system.tocsin('verify')).toMatch(/^ok: [\d,]+ events/);
  } catch (error) {
    throw new Error(`${String(error)}\n${system.output.slice(-3_000)}`, { cause: error });
  } finally {
    for (const console of consoles) console.close();
    await system.stop();
  }
}

async function checkRecord(
  system: System,
  accepted: ReadonlyMap<string, ReadonlySet<string>>,
  open: readonly string[],
): Promise<void> {
  const pool = openPool({ url: system.run.postgres, name: 'chaos', max: 2 });
  try {
    await until(
      async () => (await pool.query('SELECT 1 FROM alert WHERE work_due_at IS NOT NULL LIMIT 1')).rowCount === 0,
      { timeoutMs: 30_000, what: 'all alerts merged' },
    );
    expect(open).toEqual([]);
    const { rows } = await pool.query<{
      key: string;
      id: string;
      incident_id: string | null;
      parked_at: number | null;
    }>("SELECT key, id, incident_id, parked_at FROM alert WHERE key LIKE 'chaos-%'");
    const stored = new Map<string, string[]>();
    for (const row of rows) stored.set(row.key, [...(stored.get(row.key) ?? []), row.id]);
    const wrong = [...accepted].filter(
      ([key, ids]) => ids.size !== 1 || stored.get(key)?.length !== 1 || !ids.has(stored.get(key)?.[0] ?? ''),
    );
    expect(wrong).toEqual([]);
    expect(rows.filter((row) => row.incident_id === null || row.parked_at !== null)).toEqual([]);
    expect(await doubledGroups(pool)).toEqual([]);
    expect(await findSilentIncidents(pool)).toEqual([]);
    const steps = await firedSteps(pool);
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.filter((step) => step.times !== 1)).toEqual([]);
    expect(steps.filter((step) => step.late_s < -0.001 || step.late_s > 10)).toEqual([]);
    const overdue = await pool.query(
      "SELECT id FROM timer WHERE state = 'pending' AND due_at < clock_timestamp() - interval '3 seconds'",
    );
    expect(overdue.rowCount).toBe(0);
  } finally {
    await pool.end();
  }
}

async function doubledGroups(pool: ReturnType<typeof openPool>): Promise<unknown[]> {
  return (
    await pool.query(
      "SELECT group_key FROM incident WHERE state IN ('open', 'acknowledged') AND group_key IS NOT NULL GROUP BY 1 HAVING count(*) > 1",
    )
  ).rows;
}

/** Every `escalation.step` of the log (of one run, no two steps are due at the same moment): how often it stands there, and how late it was by PostgreSQL's clock. */
async function firedSteps(
  pool: ReturnType<typeof openPool>,
): Promise<{ stream: string; step: number; times: number; late_s: number }[]> {
  const { rows } = await pool.query<{ stream: string; step: number; times: number; late_s: number }>(`
    SELECT stream, (data ->> 'step')::int AS step, count(*)::int AS times,
      max(extract(epoch FROM at - (data ->> 'dueAt')::timestamptz))::float8 AS late_s
    FROM event WHERE type = 'escalation.step' AND (data ->> 'repeat')::int = 0 GROUP BY stream, data ->> 'dueAt', data ->> 'step'`);
  return rows;
}

async function sameAsServer(operator: Person, consoles: readonly Console[]): Promise<boolean> {
  const server = (await operator.incidents()).filter((incident) => incident.state !== 'closed');
  return consoles.every((console) => {
    return server.every((incident) => {
      const held = console.incidents.get(incident.id);
      return (
        held !== undefined &&
        held.seq === incident.seq &&
        held.state === incident.state &&
        held.alertCount === incident.alertCount
      );
    });
  });
}

const everything: readonly Fault[] = ['intake', 'engine', 'notifier', 'gateway', 'redis', 'flushall', 'postgres'];

describe('anything may be killed under 200 alerts/s', () => {
  it('loses nothing, doubles nothing and heals by itself, with Redis', () => story(false, everything), 480_000);
  it('does so without any Redis', () => story(true, ['intake', 'engine', 'notifier', 'gateway', 'postgres']), 480_000);
});
