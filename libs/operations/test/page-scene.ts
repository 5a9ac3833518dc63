import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Channel, PageMessage, SendOutcome } from '@tocsin/channels';
import { type ChannelKind, decide, groupKey, laneOf, type Severity } from '@tocsin/domain';
import {
  clockNow,
  commitDecisions,
  ConfigCache,
  findChannelPages,
  findPagedPeople,
  findResends,
  loadAggregates,
  openPool,
  sealer,
  transaction,
} from '@tocsin/store';
import { silentLogger } from '@tocsin/telemetry';
import { type TestDatabase, testDatabase } from '@tocsin/testing';
import { v7 } from 'uuid';
import {
  applyFolder,
  type Claim,
  claimForChannels,
  claimForPeople,
  factsOf,
  mergeAlerts,
  type PageContext,
  sealSubscription,
} from '../src/index.js';

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** Each category of the scene pages one target: the first step at once, no second within a test's time. */
const unit = (hook: string): string => `
kind: Unit
id: pagetown
name: { en: Pagetown }
timeZone: Asia/Karachi
---
kind: Site
id: gate
code: "07"
name: { en: Gate, ur: گیٹ, zh: 大门 }
---
${person('amina', 'en', '{ channel: push }, { channel: email, address: amina@pagetown.test }')}
${person('bilal', 'ur', '{ channel: email, address: bilal@pagetown.test }, { channel: email, address: bilal@home.test, afterS: 5 }')}
${person('chen', 'zh', '{ channel: email, address: chen@pagetown.test }')}
kind: Channel
id: ops
type: webhook
name: { en: Operations }
address: "${hook}"
---
kind: Channel
id: dead
type: webhook
name: { en: Dead }
address: "http://127.0.0.1:9/dead"
---
${['amina', 'bilal', 'chen'].map((name) => policy(name, `{ person: ${name} }`)).join('')}${['ops', 'dead'].map((name) => policy(name, `{ channel: ${name} }`)).join('')}
kind: Source
id: panels
name: { en: Panels }
protocol: http
scope: [unit]
`;

function person(id: string, language: string, contacts: string): string {
  return `kind: Person
id: ${id}
name: { en: ${id} }
username: ${id}
language: ${language}
grants: [{ role: responder, scope: unit }]
contacts: [${contacts}]
---`;
}

function policy(id: string, target: string): string {
  return `kind: Policy
id: ${id}
name: { en: ${id} }
steps: [{ afterS: 0, targets: [${target}] }, { afterS: 600, targets: [${target}] }]
---
kind: Route
id: ${id}
match: ${id === 'dead' ? '{}' : `{ categories: [${id}] }`}
policy: ${id}
---
`;
}

export type Target = 'amina' | 'bilal' | 'chen' | 'ops' | 'dead';

/** A database with a small unit, its people by name, and what tests do to it. */
export interface PageScene {
  readonly db: TestDatabase;
  readonly people: Readonly<Record<string, string>>;
  context(channel: Channel): PageContext;
  /** Opens an incident of its own that pages the target by its first rung; answers its id. */
  page(target: Target, severity?: Severity, title?: string): Promise<string>;
  pageMany(target: Target, count: number, severity?: Severity): Promise<string[]>;
  act(incident: string, act: 'acknowledge' | 'resolve'): Promise<void>;
  /** Claims for at most `limit` people, the longest waiting first. */
  claim(context: PageContext, limit?: number): Promise<Claim>;
  resends(context: PageContext): Promise<{ id: string; incidents: readonly string[] }[]>;
  subscribe(name: string, endpoint: string, keys?: { p256dh: string; auth: string }): Promise<string>;
  rows<T = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<T[]>;
  events(incident: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function openPageScene(hook = 'http://127.0.0.1:9/hook'): Promise<PageScene> {
  const db = await testDatabase();
  const dir = await mkdtemp(join(tmpdir(), 'tocsin-pages-'));
  await writeFile(join(dir, 'unit.yaml'), unit(hook));
  await applyFolder({ databaseUrl: db.url, dir, by: 'test' });
  await rm(dir, { recursive: true });
  // More connections than the test's own pool: races need them.
  const pool = openPool({ url: db.url, name: 'scene', max: 20 });
  const config = new ConfigCache(pool);
  const base = { pool, config, relay: () => undefined, tick: () => undefined, log: silentLogger };
  const keys = sealer('a secret of the test');
  const { document, version } = await config.current();
  const people = Object.fromEntries(document.people.map(({ slug, id }) => [slug, id]));
  const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
    (await pool.query(sql, values)).rows as T[];

  const pageMany = async (
    target: Target,
    count: number,
    severity: Severity = 'high',
    title = 'Panic',
  ): Promise<string[]> => {
    const ids = Array.from({ length: count }, () => v7());
    for (const id of ids) await insertAlert(rows, { id, target, severity, title });
    for (let at = 0; at < count; at += 200) await mergeAlerts(base, ids.slice(at, at + 200));
    const made = await rows<{ incident_id: string }>(
      'SELECT incident_id FROM alert WHERE id = ANY($1::uuid[]) ORDER BY id',
      [ids],
    );
    return made.map(({ incident_id }) => incident_id);
  };
  return {
    db,
    people,
    rows,
    pageMany,
    context: (channel) => ({
      ...base,
      channel,
      sealer: keys,
      ackKey: 'ack key of the test',
      publicUrl: 'https://tocsin.test',
    }),
    page: async (target, severity, title) => (await pageMany(target, 1, severity, title))[0] ?? '',
    act: async (incident, act) => {
      await transaction(pool, async (tx) => {
        const loaded = (await loadAggregates(tx, [incident])).get(incident);
        if (!loaded) throw new Error('no such incident');
        const now = await clockNow(tx);
        const actor = { kind: 'person', id: people['chen'] ?? '' } as const;
        const decision = decide(
          loaded.aggregate,
          { kind: 'act', act: { act }, actor },
          factsOf({ document, version }),
          now,
        );
        if (decision.ok) await commitDecisions(tx, now, [{ loaded, decisions: [decision] }]);
      });
    },
    claim: async (context, limit = 100) => {
      const search = { channel: context.channel.kind, severities, waitedMs: 0, limit };
      const persons = await findPagedPeople(pool, search);
      if (persons.length > 0) return claimForPeople(context, persons);
      return claimForChannels(context, await findChannelPages(pool, { ...search, skip: [] }));
    },
    resends: (context) => findResends(pool, { channel: context.channel.kind, severities, limit: 100, skip: [] }),
    subscribe: async (name, endpoint, subscriptionKeys = { p256dh: 'p', auth: 'a' }) => {
      const id = v7();
      await rows('INSERT INTO push_subscription (id, person_id, endpoint_hash, sealed) VALUES ($1, $2, $3, $4)', [
        id,
        people[name],
        createHash('sha256').update(endpoint).digest(),
        sealSubscription(keys, { endpoint, keys: subscriptionKeys }),
      ]);
      return id;
    },
    events: async (incident) =>
      (await rows<{ type: string }>('SELECT type FROM event WHERE stream = $1 ORDER BY seq', [incident])).map(
        ({ type }) => type,
      ),
    close: async () => {
      await pool.end();
      await db.drop();
    },
  };
}

async function insertAlert(
  rows: PageScene['rows'],
  { id, target, severity, title }: { id: string; target: Target; severity: Severity; title: string },
): Promise<void> {
  // A zone of its own: every alert opens an incident of its own.
  const zone = id;
  const group = `${groupKey({ agency: 'pagetown', site: 'gate', category: target, reality: 'actual', source: 'panels', zone })} ${id}`;
  await rows(
    `INSERT INTO alert (id, agency_id, principal_kind, principal_id, key, key_hash, reality, site_id, zone, category, severity, lane, title,
       status, accepted_at, last_signal_at, group_key, work_due_at)
     VALUES ($1, 'pagetown', 'source', 'panels', $2::text, sha256(convert_to($2::text, 'UTF8')), 'actual', 'gate', $3, $4, $5, $6, $7, 'firing',
       clock_timestamp(), clock_timestamp(), $8, clock_timestamp())`,
    [id, id, zone, target, severity, laneOf(severity), title, group],
  );
}

export interface ScriptedChannel extends Channel {
  readonly sent: PageMessage[];
  answer(outcome: SendOutcome | (() => Promise<SendOutcome>)): void;
}

/** A channel whose other side does as it is told: the port's outcomes, without a wire. */
export function scriptedChannel(kind: ChannelKind, options: { isConfigured?: boolean } = {}): ScriptedChannel {
  let outcome: SendOutcome | (() => Promise<SendOutcome>) = { kind: 'accepted' };
  const sent: PageMessage[] = [];
  return {
    kind,
    provesArrival: kind !== 'email',
    deadlineMs: 1_000,
    sent,
    configured: () => options.isConfigured ?? true,
    close: async () => undefined,
    answer: (next) => {
      outcome = next;
    },
    send: async (message) => {
      sent.push(message);
      return typeof outcome === 'function' ? outcome() : outcome;
    },
  };
}
