/**
 * Attacks the one lock order: acknowledgements, claims, merges, intake of repeats and restores and due steps race on 500
 * incidents from eight connections. No deadlock reaches a caller, every race has one winner, nobody starves.
 */
import { classify } from '@tocsin/domain';
import { findSilentIncidents, verifyLog } from '@tocsin/store';
import { randomFrom } from '../../system/random';
import { RaceScene } from './race-scene';

const seconds = 60;
const incidents = 500;
const seed = Number(process.env['SEED'] ?? 500);

let scene: RaceScene;
const accepted = new Map<string, Set<string>>();
const failures = new Map<string, number>();
const ackMs: number[] = [];
let deadline = 0;
let refused = 0;

const running = (): boolean => performance.now() < deadline;
const categoryOf = (n: number): string => `race-${Math.floor(n / 6)}`;
const alertOf = (n: number) => ({
  key: `race-${n}`,
  site: `site-${(n % 6) + 1}`,
  category: categoryOf(n),
  zone: 'gate',
  severity: n % 5 === 0 ? ('critical' as const) : ('high' as const),
  title: `Race ${n}`,
});

beforeAll(async () => {
  scene = await RaceScene.open();
}, 60_000);
afterAll(() => scene?.close(), 60_000);

/** One racer: the same step again and again; a refusal is a result, an error that comes out is a failure. */
async function race(step: () => Promise<unknown>, pauseMs = 0): Promise<void> {
  while (running()) {
    try {
      await step();
    } catch (error) {
      const text = `${classify(error).code}: ${String(error)}`;
      failures.set(text, (failures.get(text) ?? 0) + 1);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** A 503 accepts nothing: the sender's retry is the next round of the race. */
async function accept(item: Parameters<RaceScene['accept']>[0]): Promise<void> {
  const id = await scene.accept(item).catch((error: Error) => {
    if (error.message !== 'unavailable') throw error;
    refused += 1;
    return null;
  });
  if (id !== null && item.status !== 'resolved') accepted.set(id, (accepted.get(id) ?? new Set()).add(item.key));
}

async function openAll(): Promise<string[]> {
  const merger = scene.context('setup');
  await Promise.all(Array.from({ length: incidents }, (_, n) => accept(alertOf(n))));
  await accept({
    key: 'untouched-0',
    site: 'site-1',
    category: 'medical',
    zone: 'gate',
    severity: 'critical',
    title: 'Untouched',
  });
  while ((await scene.mergeWaiting(merger)) > 0);
  const { rows } = await scene.db.pool.query<{ id: string }>("SELECT id FROM incident WHERE category LIKE 'race-%'");
  return rows.map((row) => row.id);
}

/** Pages of ended runs that nobody suppressed, as a crash between two versions could have left them. */
async function buryUnderDeadPages(person: string): Promise<void> {
  await scene.db.pool.query(
    `WITH dead AS (SELECT id, incident_id FROM run WHERE state = 'ended' LIMIT 1)
     INSERT INTO notification (id, agency_id, incident_id, run_id, kind, step, repeat, target_kind, target_id, channel, severity, reality, state, due_at, wait_until, changed_at)
     SELECT gen_random_uuid(), 'testland', dead.incident_id, dead.id, 'page', n, 0, 'person', $1, 'email', 'critical', 'actual', 'waiting',
       clock_timestamp() - interval '1 hour', clock_timestamp() - interval '1 hour', clock_timestamp()
     FROM dead, generate_series(100, 1099) AS n`,
    [person],
  );
}

it('500 incidents, eight connections, 60 s', async () => {
  const ids = await openAll();
  expect(ids).toHaveLength(incidents);
  const random = randomFrom(seed);
  const anyId = (): string => ids[Math.floor(random() * ids.length)] as string;
  const anyN = (): number => Math.floor(random() * incidents);
  const [acts, acts2, merges] = [scene.context('acts'), scene.context('acts2'), scene.context('merges')];
  // An incident that somebody holds is waited for apart, on a second connection.
  const timers = scene.context('timers', 2);
  const [pages, pages2] = [scene.pageContext('pages'), scene.pageContext('pages2')];
  const toResolve = ids[0] as string;
  await scene.act(acts, toResolve, { act: 'resolve', disposition: 'test' });
  await buryUnderDeadPages(scene.personId('iqra'));
  const sweeper = scene.sweeper(timers);
  deadline = performance.now() + seconds * 1_000;
  let fed = 1;
  await Promise.all([
    race(async () => {
      const begun = performance.now();
      await scene.act(acts, anyId(), { act: 'acknowledge' });
      ackMs.push(performance.now() - begun);
    }, 2),
    race(() => {
      const dice = random();
      const act =
        dice < 0.3
          ? ({ act: 'take' } as const)
          : dice < 0.5
            ? ({ act: 'release' } as const)
            : dice < 0.7
              ? ({ act: 'dispatch' } as const)
              : dice < 0.85
                ? ({ act: 'resolve', disposition: 'true' } as const)
                : ({ act: 'reopen' } as const);
      return scene.act(acts2, anyId(), act);
    }, 2),
    race(() => scene.mergeWaiting(merges), 1),
    race(() => sweeper.pass(), 5),
    race(() => scene.claimAndSend(pages), 5),
    race(() => scene.claimAndSend(pages2), 5),
    race(() => {
      const item = alertOf(anyN());
      return accept(random() < 0.3 ? { key: item.key, status: 'resolved' } : item);
    }, 2),
    // 50 alerts a second into an incident that nobody touches.
    race(
      () =>
        accept({
          key: `untouched-${fed++}`,
          site: 'site-1',
          category: 'medical',
          zone: 'gate',
          severity: 'critical',
          title: 'Untouched',
        }),
      20,
    ),
  ]);
  await sweeper.settled();
  while ((await scene.mergeWaiting(merges)) > 0);
}, 480_000);

it('no deadlock and no other failure reached a caller', () => expect(Object.fromEntries(failures)).toEqual({}));

it('no accepted alert is missing, stored twice or parked', async () => {
  const { rows } = await scene.db.pool.query<{ id: string; parked_at: number | null; incident_id: string | null }>(
    'SELECT id, parked_at, incident_id FROM alert',
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  expect([...accepted.keys()].filter((id) => !stored.has(id))).toEqual([]);
  expect([...accepted.values()].filter((keys) => keys.size !== 1)).toEqual([]);
  expect(rows.filter((row) => row.parked_at !== null || row.incident_id === null)).toEqual([]);
  const firing = await scene.db.pool.query(
    "SELECT key_hash FROM alert WHERE status = 'firing' GROUP BY key_hash HAVING count(*) > 1",
  );
  expect(firing.rows).toEqual([]);
});

it('no notification is in two deliveries', async () => {
  const { rows } = await scene.db.pool.query(
    'SELECT n, count(*) FROM delivery, unnest(notification_ids) AS n GROUP BY n HAVING count(*) > 1',
  );
  expect(rows).toEqual([]);
});

it('each race is won by exactly one side: no step and no page begins on a held or ended run', async () => {
  const { rows } = await scene.db.pool.query<{ stream: string; seq: string; type: string; step_kind: string | null }>(
    `SELECT stream, seq, type, (SELECT kind FROM notification WHERE id = (data ->> 'notificationId')::uuid) AS step_kind FROM event WHERE incident ORDER BY stream, seq`,
  );
  const holds = new Set([
    'incident.acknowledged',
    'incident.taken',
    'assignment.dispatched',
    'incident.resolved',
    'incident.closed',
  ]);
  const frees = new Set(['escalation.started', 'incident.returned', 'incident.realerted', 'incident.reopened']);
  const wrong: string[] = [];
  let stream = '';
  let isHeld = false;
  for (const event of rows) {
    if (event.stream !== stream) {
      stream = event.stream;
      isHeld = false;
    }
    if (holds.has(event.type)) isHeld = true;
    if (frees.has(event.type)) isHeld = false;
    if (
      isHeld &&
      (event.type === 'escalation.step' || (event.type === 'notification.sent' && event.step_kind === 'page'))
    )
      wrong.push(`${event.stream} ${event.seq} ${event.type}`);
  }
  expect(wrong).toEqual([]);
});

it('the untouched incident fired every step of its ladder on time', async () => {
  const { rows } = await scene.db.pool.query<{ step: number; late_s: number }>(
    `SELECT (data ->> 'step')::int AS step, extract(epoch FROM at - (data ->> 'dueAt')::timestamptz)::float8 AS late_s FROM event
     WHERE type = 'escalation.step' AND (data ->> 'repeat')::int = 0 AND stream = (SELECT id FROM incident WHERE category = 'medical') ORDER BY 1`,
  );
  expect(rows.map((row) => row.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  process.stderr.write(
    `untouched incident: latest step ${Math.max(...rows.map((row) => row.late_s)).toFixed(2)} s late (goal 1)\n`,
  );
  // The goal holds on a machine of its own; skipping a hot incident instead of waiting made it 11 s.
  expect(rows.filter((row) => row.late_s < 0 || row.late_s > 8)).toEqual([]);
});

it('a person with 1,000 dead notifications was paged for live ones at once', async () => {
  const { rows } = await scene.db.pool.query<{ waited_s: number }>(
    `SELECT extract(epoch FROM d.made_at - n.wait_until)::float8 AS waited_s FROM notification n JOIN delivery d ON d.id = n.delivery_id
     WHERE n.target_id = $1 AND n.step < 100 ORDER BY d.made_at LIMIT 1`,
    [scene.personId('iqra')],
  );
  expect(rows[0]?.waited_s).toBeLessThan(2);
});

it('an acknowledgement is quick all the same', () => {
  ackMs.sort((a, b) => a - b);
  const p99 = ackMs[Math.floor(ackMs.length * 0.99)] ?? Infinity;
  process.stderr.write(
    `acknowledge under race: ${ackMs.length} acts, p50 ${ackMs[ackMs.length >> 1]?.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (goal 100); ${refused} alerts told 503\n`,
  );
  // The goal is 100 ms on a machine of its own; a figure of time alone never decides a test.
  expect(p99).toBeLessThan(5_000);
});

it('nothing fell silent and the record verifies', async () => {
  expect(await findSilentIncidents(scene.db.pool)).toEqual([]);
  expect(await verifyLog(scene.db.pool)).toMatchObject({ ok: true });
});
