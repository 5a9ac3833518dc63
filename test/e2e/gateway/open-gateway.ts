import { loadSettings } from '@tocsin/config';
import {
  type ConfigDocument,
  defaultTiming,
  type Grant,
  type PersonConfig,
  type Reality,
  type Severity,
} from '@tocsin/domain';
import { type Context, hashPassword, mergeAlerts } from '@tocsin/operations';
import { ConfigCache, insertAlerts, keyHash, type Pool, transaction } from '@tocsin/store';
import { createMetrics, silentLogger } from '@tocsin/telemetry';
import { testDatabase } from '@tocsin/testing';
import { io, type Socket } from 'socket.io-client';
import { v7 } from 'uuid';
import { type RunningGateway, startGateway } from '../../../apps/gateway/src/start-gateway.js';

const name = (en: string) => ({ en });
const unit: Grant['scope'] = { kind: 'unit' };
const person = (index: number, slug: string, grants: readonly Grant[]): PersonConfig => ({
  slug,
  id: `00000000-0000-7000-8000-00000000000${index}`,
  name: name(slug),
  username: slug,
  language: 'en',
  grants,
  contacts: [{ channel: 'push' }],
});

/** Nine people: their roles and scopes are what the tests are about. */
export const people = {
  operator: person(1, 'operator', [{ role: 'operator', scope: unit }]),
  second: person(2, 'second', [{ role: 'operator', scope: unit }]),
  north: person(3, 'north', [{ role: 'operator', scope: { kind: 'group', id: 'north' } }]),
  guard: person(4, 'guard', [{ role: 'responder', scope: unit }]),
  scout: person(5, 'scout', [{ role: 'responder', scope: unit }]),
  commander: person(6, 'commander', [{ role: 'commander', scope: unit }]),
  reviewer: person(7, 'reviewer', [{ role: 'reviewer', scope: unit }]),
  admin: person(8, 'admin', [{ role: 'admin', scope: unit }]),
  stranger: person(9, 'stranger', []),
} as const;
export type Who = keyof typeof people;
export const password = 'correct horse battery';

const steps = [0, 60, 120].map((afterS) => ({ afterS, targets: [{ kind: 'team' as const, id: 'guards' }] }));
export const unitDocument: ConfigDocument = {
  agency: { id: 'unit', name: name('Unit'), timeZone: 'Asia/Karachi' },
  sites: [
    { id: 'gate-1', code: '01', name: name('Gate 1'), groups: ['north'], zones: [{ id: 'door', name: name('Door') }] },
    { id: 'gate-2', code: '02', name: name('Gate 2'), groups: ['south'], zones: [] },
  ],
  teams: [
    { id: 'guards', name: name('Guards'), members: ['guard'] },
    { id: 'nobody', name: name('Nobody'), members: [], schedule: 'empty' },
  ],
  people: Object.values(people),
  schedules: [{ id: 'empty', name: name('Empty'), timeZone: 'Asia/Karachi', layers: [], overrides: [] }],
  policies: [{ id: 'standard', name: name('Standard'), steps }],
  routes: [
    { id: 'south', match: { groups: ['south'], severities: ['critical'] }, policy: 'standard', team: 'guards' },
    { id: 'door', match: { sites: ['gate-1', 'gate-2'], zones: ['door'] }, policy: 'standard', team: 'guards' },
    { id: 'everything', match: {}, policy: 'standard', team: 'guards' },
  ],
  sources: [
    {
      id: 'panels',
      name: name('Panels'),
      protocol: 'http',
      scope: [unit],
      budget: { perSecond: 1_000, criticalPerSecond: 500, criticalBurst: 2_000 },
      defaults: {},
    },
    {
      id: 'south-panel',
      name: name('South panel'),
      protocol: 'http',
      scope: [{ kind: 'group', id: 'south' }],
      budget: { perSecond: 50, criticalPerSecond: 500, criticalBurst: 2_000 },
      defaults: { site: 'gate-2' },
    },
  ],
  channels: [],
  silences: [],
  timing: defaultTiming,
};

export async function seedUnit(pool: Pool, document: ConfigDocument = unitDocument): Promise<void> {
  await pool.query('INSERT INTO agency (id, name, time_zone) VALUES ($1, $2, $3)', [
    'unit',
    document.agency.name,
    document.agency.timeZone,
  ]);
  await pool.query(
    `INSERT INTO config_version (agency_id, document, hash, state, applied_by) VALUES ('unit', $1, '\\x00', 'effective', 'test')`,
    [document],
  );
  const hash = await hashPassword(password);
  for (const { id, slug, name: named, language, username, grants } of document.people) {
    await pool.query(
      `INSERT INTO person (id, agency_id, slug, name, language, username, password_hash, grants, managed_by) VALUES ($1, 'unit', $2, $3, $4, $5, $6, $7, 'files')`,
      [id, slug, named, language, username, hash, JSON.stringify(grants)],
    );
  }
}

// What a server answers is checked by the tests themselves.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Json;
  readonly headers: Headers;
}
export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | null;
}

/** A whole gateway in this process on a database of its own, without Redis. */
export class OpenGateway {
  private constructor(
    readonly gateway: RunningGateway,
    readonly database: { readonly url: string; readonly pool: Pool; drop(): Promise<void> },
  ) {}

  static async open(env: Readonly<Record<string, string>> = {}): Promise<OpenGateway> {
    const database = await testDatabase();
    await seedUnit(database.pool);
    return new OpenGateway(await OpenGateway.start(database.url, env), database);
  }

  /** Another copy on the same database. */
  static start(databaseUrl: string, env: Readonly<Record<string, string>> = {}): Promise<RunningGateway> {
    const settings = loadSettings('gateway', {
      DATABASE_URL: databaseUrl,
      TOCSIN_SECRET: 'a secret of the tests',
      GATEWAY_PORT: '0',
      ...env,
    });
    return startGateway(settings, { log: silentLogger, metrics: createMetrics('gateway', { processMetrics: false }) });
  }

  get url(): string {
    return this.gateway.url;
  }

  get pool(): Pool {
    return this.database.pool;
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    { headers = {}, token = null }: AskOptions = {},
  ): Promise<Answer> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? (body as BodyInit) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, body: parsed(text), headers: response.headers };
  }

  async signIn(who: Who): Promise<SignedIn> {
    const answer = await this.ask('POST', '/v1/session', { username: who, password });
    if (answer.status !== 201) throw new Error(`sign-in of ${who}: ${answer.status} ${answer.text}`);
    return new SignedIn(this, who, answer.body.token);
  }

  /** An alert of the source `panels`, merged as the engine does. @returns the incident's id */
  async alert(
    over: { site?: string; key?: string; severity?: Severity; category?: string; reality?: Reality } = {},
  ): Promise<string> {
    const { site = 'gate-1', key = v7(), severity = 'high', category = 'intrusion', reality = 'actual' } = over;
    const id = v7();
    const principal = { agency: 'unit', principalKind: 'source' as const, principalId: 'panels' };
    const signal = {
      key,
      status: 'firing' as const,
      site,
      zone: null,
      category,
      severity,
      title: `Alarm ${key}`,
      description: null,
      occurredAt: null,
      startsAt: null,
      endsAt: null,
      location: null,
      labels: {},
      links: [],
      reality,
      lang: null,
    };
    const rawId = v7();
    const hash = keyHash({ ...principal, reality, key });
    await transaction(this.pool, (tx) =>
      insertAlerts(
        tx,
        null,
        [{ ...principal, id, keyHash: hash, signal, groupKey: key, rawId, rawIndex: 0, count: 1, endedAt: null }],
        [{ ...principal, id: rawId, door: 'test', contentType: null, body: Buffer.from('{}') }],
      ),
    );
    await mergeAlerts(this.context(), [id]);
    const { rows } = await this.pool.query('SELECT incident_id FROM alert WHERE id = $1', [id]);
    return rows[0].incident_id;
  }

  /** As another process would work: its ticks are not heard here. */
  context(): Context {
    return {
      pool: this.pool,
      config: new ConfigCache(this.pool),
      relay: () => undefined,
      tick: () => undefined,
      log: silentLogger,
    };
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.database.drop();
  }
}

export class SignedIn {
  private readonly sockets: Socket[] = [];

  constructor(
    private readonly at: OpenGateway,
    readonly who: Who,
    readonly token: string,
  ) {}

  get id(): string {
    return people[this.who].id;
  }

  get(path: string, options: AskOptions = {}): Promise<Answer> {
    return this.at.ask('GET', path, undefined, { token: this.token, ...options });
  }

  post(path: string, body: unknown = {}, options: AskOptions = {}): Promise<Answer> {
    return this.at.ask('POST', path, body, { token: this.token, ...options });
  }

  act(incidentId: string, act: string, body: unknown = {}, options: AskOptions = {}): Promise<Answer> {
    return this.post(`/v1/incidents/${incidentId}/${act}`, body, options);
  }

  socket(auth: Record<string, unknown> = { token: this.token }): Socket {
    const socket = io(`${this.at.url}/console`, {
      auth,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    this.sockets.push(socket);
    return socket;
  }

  hangUp(): void {
    for (const socket of this.sockets) socket.disconnect();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
