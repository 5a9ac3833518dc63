/**
 * Attacks I13 and I14: after a crash PostgreSQL hands out transaction ids of rolled-back transactions again. A console that
 * was connected through it must equal the server afterwards, also for incidents that it had never heard of.
 */
import { join } from 'node:path';
import { openPool } from '@tocsin/store';
import { until } from '@tocsin/testing';
import { postAlerts } from '../../system/alerts';
import { type Console, Person } from '../../system/people';
import { System } from '../../system/run-system';

let system: System;
let operator: Person;
let console: Console;

beforeAll(async () => {
  system = await System.start({ config: join(__dirname, '../../system/config') });
  operator = await Person.signIn(system, 'operator');
  console = operator.console();
  await until(() => console.connected, { what: 'console connected' });
}, 120_000);

afterAll(async () => {
  console?.close();
  await system?.stop();
}, 60_000);

const alertAt = (n: number) => ({
  key: `crash-${n}`,
  site: `site-${(n % 6) + 1}`,
  category: `crash-${n}`,
  severity: 'high',
  title: `Crash ${n}`,
});

/** Transactions that take an id, write, and are gone: their ids come again after the crash. */
async function rollBackSome(count: number): Promise<void> {
  const pool = openPool({ url: system.run.postgres, name: 'crash', max: 4 });
  try {
    for (let n = 0; n < count; n += 1) {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(
        "INSERT INTO idempotency (principal, request, key, body_hash, status, response) VALUES ('crash', 'x', $1, '', 200, '')",
        [String(n)],
      );
      await client.query('ROLLBACK');
      client.release();
    }
  } finally {
    await pool.end();
  }
}

const sameAsServer = async (): Promise<boolean> => {
  const server = await operator.incidents();
  return server.length > 0 && server.every((incident) => console.incidents.get(incident.id)?.seq === incident.seq);
};

it.each([1, 2, 3])(
  'round %i: equal after the crash, with nothing missing',
  async (round) => {
    for (let n = 0; n < 5; n += 1) await postAlerts(system, alertAt(round * 100 + n));
    await until(sameAsServer, { what: 'equal before the crash' });
    await rollBackSome(200);
    system.killServer(system.run.postgres);
    // New incidents right after the crash take the very ids that were rolled back before it.
    for (let n = 10; n < 20; n += 1) {
      await until(
        async () => (await postAlerts(system, alertAt(round * 100 + n)).catch(() => ({ status: 0 }))).status === 202,
        { timeoutMs: 20_000, what: 'accepting again' },
      );
    }
    const wanted = Array.from({ length: 10 }, (_, n) => `Crash ${round * 100 + 10 + n}`);
    const titles = (): string[] => [...console.incidents.values()].map((incident) => incident.title);
    // Accepted is not yet merged: the server itself may know of them a moment later.
    await until(async () => (await sameAsServer()) && wanted.every((title) => titles().includes(title)), {
      timeoutMs: 10_000,
      what: 'equal after the crash, with all that was accepted',
    });
    expect(titles()).toEqual(expect.arrayContaining(wanted));
  },
  90_000,
);
