import { createHash, randomBytes } from 'node:crypto';
import type { AlertView, ErrorBody, FieldError } from '@tocsin/contracts';
import { type ConfigDocument, defaultTiming, type SourceConfig } from '@tocsin/domain';
import type { Pool } from '@tocsin/store';
import { silentLogger, createMetrics } from '@tocsin/telemetry';
import { testDatabase } from '@tocsin/testing';
import { serveIntake } from '../../../apps/intake/src/serve.js';

export interface OpenIntake {
  readonly url: string;
  readonly databaseUrl: string;
  readonly pool: Pool;
  /** By source id. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly post: (path: string, body: unknown, options?: PostOptions) => Promise<Answer>;
  readonly get: (path: string, token?: string) => Promise<Answer>;
  readonly close: () => Promise<void>;
}
export interface PostOptions {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** What the doors may answer, all fields at once: the tests check what is there. */
  readonly body: AnswerBody;
  /** What became of the first alert of the request. */
  readonly first: AnsweredAlert;
  readonly headers: Headers;
}

export interface AnsweredAlert {
  readonly id: string;
  readonly key: string;
  readonly status: string;
  readonly code?: string;
}

export interface AnswerBody extends ErrorBody, AlertView {
  readonly alerts: readonly AnsweredAlert[];
  readonly errors: readonly FieldError[];
}

const budget = { perSecond: 100_000, criticalPerSecond: 100_000, criticalBurst: 100_000 };
const name = (en: string) => ({ en });

/** `unit` speaks for the whole unit, `north` for a group, `gate` for one site, `small` has a budget of 10 alerts a second. */
export const testSources: readonly SourceConfig[] = [
  { id: 'unit', name: name('Whole unit'), protocol: 'http', scope: [{ kind: 'unit' }], budget, defaults: {} },
  { id: 'north', name: name('North'), protocol: 'http', scope: [{ kind: 'group', id: 'north' }], budget, defaults: {} },
  {
    id: 'gate',
    name: name('Gate'),
    protocol: 'alertmanager',
    scope: [{ kind: 'site', id: 'gate-1' }],
    budget,
    defaults: { site: 'gate-1' },
  },
  {
    id: 'small',
    name: name('Small'),
    protocol: 'http',
    scope: [{ kind: 'unit' }],
    budget: { perSecond: 10, criticalPerSecond: 5, criticalBurst: 5 },
    defaults: {},
  },
];

export const testDocument: ConfigDocument = {
  agency: { id: 'unit-1', name: name('Unit'), timeZone: 'Asia/Karachi' },
  sites: [
    { id: 'gate-1', code: '01', name: name('Gate 1'), groups: ['north'], zones: [] },
    { id: 'gate-2', code: '02', name: name('Gate 2'), groups: ['south'], zones: [] },
  ],
  teams: [],
  people: [],
  schedules: [],
  policies: [],
  channels: [],
  silences: [],
  routes: [],
  sources: testSources,
  timing: defaultTiming,
};

/** The unit, its live configuration and its sources, as an apply leaves them. Answers the tokens. */
export async function seedSources(
  pool: Pool,
  sources: readonly SourceConfig[] = testSources,
): Promise<Record<string, string>> {
  const { agency } = testDocument;
  await pool.query('INSERT INTO agency (id, name, time_zone) VALUES ($1, $2, $3)', [
    agency.id,
    agency.name,
    agency.timeZone,
  ]);
  await pool.query(
    `INSERT INTO config_version (agency_id, document, hash, state, applied_by) VALUES ($1, $2, '\\x00', 'effective', 'test')`,
    [agency.id, testDocument],
  );
  const tokens: Record<string, string> = {};
  for (const { id, name: named, protocol, scope, budget: may, defaults } of sources) {
    const token = randomBytes(32).toString('base64url');
    tokens[id] = token;
    await pool.query(
      `INSERT INTO source (agency_id, id, name, protocol, token_hash, scope, budget, defaults, managed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'files')`,
      [
        agency.id,
        id,
        named,
        protocol,
        createHash('sha256').update(token).digest(),
        JSON.stringify(scope),
        may,
        defaults,
      ],
    );
  }
  return tokens;
}

/**
 * A whole intake in this process, on a database of its own; with `beside` a further copy on that one's database, with
 * `through` it reaches the database by a proxy on that port.
 */
export async function openIntake({
  beside,
  through,
}: {
  beside?: OpenIntake;
  through?: number;
} = {}): Promise<OpenIntake> {
  const database =
    beside === undefined ? await testDatabase() : { url: beside.databaseUrl, pool: beside.pool, drop: async () => {} };
  const tokens = beside?.tokens ?? (await seedSources(database.pool));
  const settings = {
    databaseUrl: through === undefined ? database.url : onPort(database.url, through),
    redisUrl: null,
  };
  const served = await serveIntake(
    { settings, log: silentLogger, metrics: createMetrics('intake', { processMetrics: false }) },
    { port: 0, bind: '127.0.0.1' },
  );
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(served.url + path, init);
    const text = await response.text();
    const body = parsed(text);
    return { status: response.status, text, body, first: body.alerts?.[0] as AnsweredAlert, headers: response.headers };
  };
  return {
    url: served.url,
    databaseUrl: database.url,
    pool: database.pool,
    tokens,
    post: (path, body, { token = tokens.unit as string, headers = {} } = {}) =>
      ask(path, {
        method: 'POST',
        body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      }),
    get: (path, token = tokens.unit as string) => ask(path, { headers: { authorization: `Bearer ${token}` } }),
    close: async () => {
      await served.close();
      await database.drop();
    },
  };
}

function parsed(text: string): AnswerBody {
  return (text === '' ? {} : JSON.parse(text)) as AnswerBody;
}

function onPort(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.toString();
}
