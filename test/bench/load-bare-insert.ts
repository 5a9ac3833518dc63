import { createHash, randomBytes } from 'node:crypto';
import { normaliseAlert, groupKey } from '@tocsin/domain';
import { insertAlerts, type NewAlert, openPool, type Pool, type Tx } from '@tocsin/store';
import { v7 } from 'uuid';
import { alertText, nextKey } from './load-alerts';

/**
 * The same rows into the same tables and indexes, one statement and one commit for `size` of them, and nothing else: no
 * HTTP, no parsing, no lock. All rows are made beforehand; `connections` send at once, at most for `ms`. Rows per second.
 */
export async function bareInsert(
  url: string,
  { size, connections, rows, ms }: { size: number; connections: number; rows: number; ms: number },
): Promise<number> {
  const pool = openPool({ url, name: 'bench bare', max: connections + 1 });
  const batches = Array.from({ length: Math.ceil(rows / size) }, () => batchOf(size));
  const clients = await Promise.all(Array.from({ length: connections }, () => pool.connect()));
  await makeTables(pool);
  await Promise.all(clients.map((client) => client.query('SET search_path TO bare, public')));
  let inserted = 0;
  const one = async (client: Tx): Promise<void> => {
    for (let batch = batches.pop(); batch; batch = performance.now() < endsAt ? batches.pop() : undefined) {
      const count = await insertAlerts(client, null, batch.alerts, [batch.raw]);
      inserted += count;
    }
  };
  // Plans are made before the clock runs: PostgreSQL settles on a prepared statement's plan at its sixth use.
  await Promise.all(
    clients.map(async (client) => {
      for (let use = 0; use < 7; use += 1) {
        const { alerts, raw } = batchOf(size);
        await insertAlerts(client, null, alerts, [raw]);
      }
    }),
  );
  const beganAt = performance.now();
  const endsAt = beganAt + ms;
  await Promise.all(clients.map(one));
  const perS = inserted / ((performance.now() - beganAt) / 1_000);
  for (const client of clients) client.release();
  await pool.query('DROP SCHEMA bare CASCADE');
  await pool.end();
  return perS;
}

/** Tables of the same shape that nobody else looks at: no engine works them off meanwhile. */
async function makeTables(pool: Pool): Promise<void> {
  const table = (name: string): string => `CREATE TABLE bare.${name} (LIKE public.${name} INCLUDING ALL);`;
  await pool.query(`DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare; ${table('alert')} ${table('raw_signal')}`);
}

const principal = { agency: 'bench', principalKind: 'source', principalId: 'bare' } as const;

function batchOf(size: number): { alerts: NewAlert[]; raw: Parameters<typeof insertAlerts>[3][number] } {
  const rawId = v7();
  const texts = Array.from({ length: size }, () => alertText(nextKey(), { incident: 'group' }));
  const alerts = texts.map((text, rawIndex): NewAlert => {
    const signal = normaliseAlert(JSON.parse(text) as Parameters<typeof normaliseAlert>[0], {});
    const { site, zone, category, reality } = signal;
    const group = groupKey({ agency: 'bench', site, zone, category, reality, source: 'bare' });
    return {
      ...principal,
      id: v7(),
      keyHash: createHash('sha256').update(randomBytes(16)).digest(),
      signal,
      groupKey: group,
      rawId,
      rawIndex,
      count: 1,
      endedAt: null,
    };
  });
  return {
    alerts,
    raw: { ...principal, id: rawId, door: 'bench', contentType: null, body: Buffer.from(`[${texts.join(',')}]`) },
  };
}
