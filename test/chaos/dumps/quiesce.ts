import { Client } from 'pg';
import { monotonicMs } from '../history/recorder';

/** What still had to be done at a moment; at rest all of it is 0. */
export interface Unrest {
  readonly alertsWaiting: number;
  readonly timersOverdue: number;
  /** A call to a provider is under way, unknown, or put off. */
  readonly deliveriesOpen: number;
  readonly attemptsSending: number;
  readonly pagesDue: number;
}
export interface Quiescence {
  readonly isReached: boolean;
  readonly tookMs: number;
  readonly left: Unrest;
}

const lookEveryMs = 200;
const look = `
  SELECT (SELECT count(*) FROM alert WHERE work_due_at IS NOT NULL)::int AS "alertsWaiting",
    (SELECT count(*) FROM timer WHERE state = 'pending' AND due_at <= clock_timestamp())::int AS "timersOverdue",
    (SELECT count(*) FROM delivery WHERE state IN ('sending', 'retry'))::int AS "deliveriesOpen",
    (SELECT count(*) FROM attempt WHERE state = 'sending')::int AS "attemptsSending",
    (SELECT count(*) FROM notification WHERE state = 'waiting' AND wait_until <= clock_timestamp())::int AS "pagesDue"`;

/**
 * Waits, with the load stopped and nothing broken, until nothing waits for the service: no alert, no due timer, no page
 * whose time has come, no call to a provider without an end. Timers and pages of later are no unrest. A moment in which
 * all is done is enough; a database that does not answer is asked again.
 */
export async function quiesce(databaseUrl: string, mostMs = 120_000): Promise<Quiescence> {
  const beganAt = monotonicMs();
  for (;;) {
    const left = await unrest(databaseUrl);
    const tookMs = Math.round(monotonicMs() - beganAt);
    const isReached = left !== null && Object.values(left).every((count) => count === 0);
    if (left !== null && (isReached || tookMs > mostMs)) return { isReached, tookMs, left };
    if (tookMs > 2 * mostMs) throw new Error('the database did not answer');
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function unrest(databaseUrl: string): Promise<Unrest | null> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'chaos quiesce',
    query_timeout: 10_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Unrest>(look)).rows[0] ?? null;
  } catch {
    // Not there yet: it is healing, which is what we wait for.
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}
