import {
  AlertsAnswer,
  DeliveryView,
  EventView,
  IncidentView,
  PersonView,
  plainValidator,
  peopleRoutes,
  SessionView,
  SiteView,
  TeamView,
} from '@tocsin/contracts';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { until } from '@tocsin/testing';
import { type Json, OpenGateway, people, type SignedIn } from './open-gateway.js';

let open: OpenGateway;
let operator: SignedIn;
let north: SignedIn;
beforeAll(async () => {
  open = await OpenGateway.open();
  [operator, north] = (await Promise.all([open.signIn('operator'), open.signIn('north')])) as [SignedIn, SignedIn];
});
afterAll(() => open.close());

type Class = new () => object;
const faults = (target: Class, value: unknown) => plainValidator(target, { foreign: false })(value, '');

describe('the list of incidents', () => {
  it('comes in pages, the newest first, with filters, and only what the reader may see', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1)
      ids.push(await open.alert({ site: n % 2 ? 'gate-2' : 'gate-1', severity: n < 3 ? 'critical' : 'low' }));
    const pages: string[][] = [];
    let next: string | null = '';
    while (next !== null) {
      const { body } = await operator.get(`/v1/incidents?limit=3${next === '' ? '' : `&after=${next}`}`);
      pages.push(body.items.map(({ id }: { id: string }) => id));
      next = body.next;
    }
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual([...ids].reverse());
    const found = async (who: SignedIn, query: string): Promise<string[]> =>
      (await who.get(`/v1/incidents?${query}`)).body.items.map(({ id }: { id: string }) => id).sort();
    expect(await found(operator, 'site=gate-2')).toEqual([ids[1], ids[3], ids[5]]);
    expect(await found(operator, 'severity=critical,high')).toEqual(ids.slice(0, 3));
    expect(await found(north, 'limit=100')).toEqual([ids[0], ids[2], ids[4], ids[6]]);
    expect(await found(north, 'site=gate-2')).toEqual([]);
    await operator.act(ids[0] as string, 'take');
    expect(await found(operator, 'state=acknowledged')).toEqual([ids[0]]);
    expect(await found(operator, `owner=${operator.id}`)).toEqual([ids[0]]);
    expect(await found(operator, 'team=guards&class=alarm&reality=actual')).toHaveLength(7);
    const { number } = (await operator.get(`/v1/incidents/${ids[2]}`)).body;
    expect(await found(operator, `number=${number}`)).toEqual([ids[2]]);
  });
});

describe('what is answered', () => {
  it('is as the OpenAPI document says', async () => {
    const id = await open.alert();
    await operator.act(id, 'dispatch');
    const items = async (path: string) => (await operator.get(path)).body.items as unknown[];
    expect(faults(IncidentView, (await operator.get(`/v1/incidents/${id}`)).body)).toEqual([]);
    expect(faults(SessionView, (await operator.get('/v1/session')).body)).toEqual([]);
    for (const [target, path] of [
      [IncidentView, '/v1/incidents'],
      [EventView, `/v1/incidents/${id}/events`],
      [DeliveryView, `/v1/incidents/${id}/deliveries`],
      [SiteView, '/v1/sites'],
      [TeamView, '/v1/teams'],
      [PersonView, '/v1/people'],
    ] as const) {
      const list = await items(path);
      expect([path, list.length > 0, list.flatMap((item) => faults(target, item))]).toEqual([path, true, []]);
    }
    expect((await items('/v1/teams'))[0]).toMatchObject({
      members: [{ onDuty: true, assignment: { incidentId: id, state: 'notified' } }],
    });
  });

  it('shows who was told, and what became of it', async () => {
    const id = await open.alert();
    const { body } = await operator.get(`/v1/incidents/${id}/deliveries`);
    expect(body.items).toEqual([
      expect.objectContaining({
        kind: 'page',
        step: 1,
        person: people.guard.id,
        channel: 'push',
        state: 'waiting',
        sentAt: null,
      }),
    ]);
    await operator.act(id, 'acknowledge');
    expect((await operator.get(`/v1/incidents/${id}/deliveries`)).body.items[0]).toMatchObject({
      state: 'suppressed',
      reason: { code: 'run-held' },
    });
  });

  it('says of sources, people and routes no secrets, and nothing of other sites', async () => {
    const texts = await Promise.all(
      ['sources', 'people', 'routes', 'policies', 'silences', 'schedules', 'teams', 'sites'].map(
        async (name) => (await north.get(`/v1/${name}`)).text,
      ),
    );
    expect(texts.join()).not.toMatch(/token|password|hash|contacts|gate-2/i);
  });

  it('is kept by no cache', async () => {
    const id = await open.alert();
    for (const path of [
      '/v1/session',
      '/v1/sites',
      '/v1/incidents',
      `/v1/incidents/${id}`,
      `/v1/incidents/${id}/events`,
    ])
      expect([path, (await operator.get(path)).headers.get('cache-control')]).toEqual([path, 'no-store']);
  });

  it('tells who is on call now and next', async () => {
    const { body } = await operator.get('/v1/schedules?at=2026-11-24T12:00:00Z');
    expect(body.items[0]).toMatchObject({ id: 'empty', now: { person: null, until: null }, next: null });
  });

  it('explains nothing outside the sight, whatever names the site, and names no other in its reasons', async () => {
    const explain = async (who: SignedIn, alert: object) => who.post('/v1/explain', { alert });
    const bySource = { status: 'resolved', source: 'south-panel', category: 'panic' };
    expect((await explain(operator, bySource)).body.alert).toMatchObject({ site: 'gate-2' });
    for (const alert of [bySource, { site: 'gate-2' }, { site: 'nowhere' }, { status: 'resolved' }])
      expect(await explain(north, alert)).toMatchObject({ status: 422, body: { code: 'unknown-site' } });
    const { status, text, body } = await explain(north, { site: 'gate-1' });
    expect([status, body.route.trace.map(({ route }: Json) => route)]).toEqual([200, ['door', 'everything']]);
    expect(text).not.toMatch(/gate-2|south/);
    expect((await explain(operator, { site: 'gate-1' })).body.route.trace).toHaveLength(3);
  });

  it('explains without sending', async () => {
    const before = (await open.pool.query('SELECT count(*) FROM notification')).rows;
    const { status, body } = await operator.post('/v1/explain', {
      alert: { site: 'gate-1', severity: 'high' },
      at: '2026-11-24T12:00:00Z',
    });
    expect([status, body.route.route]).toEqual([200, 'everything']);
    expect(body.moments[0]).toMatchObject({
      afterS: 0,
      pages: [{ target: { id: 'guard' }, channels: [{ channel: 'push' }] }],
    });
    expect((await open.pool.query('SELECT count(*) FROM notification')).rows).toEqual(before);
  });
});

describe('the documents', () => {
  const refs = (value: unknown): string[] =>
    [...JSON.stringify(value).matchAll(/"\$ref":"(#[^"]+)"/g)].map(([, ref]) => ref as string);
  const resolved = (document: Json, ref: string): unknown =>
    ref
      .slice(2)
      .split('/')
      .reduce((at, part) => at?.[part], document);

  it('name every door that there is, and no other', async () => {
    const { body } = await open.ask('GET', '/v1/openapi.json');
    const documented = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const served = doorsOf(open).filter(
      (door) => !/healthz|metrics|openapi|asyncapi/.test(door) && door !== 'post /v1/incidents/{id}/{act}',
    );
    const mine = peopleRoutes.map(({ method, path }) => `${method} ${path}`);
    expect(mine.filter((door) => !/incidents\/\{id\}\/(?!events|deliveries)/.test(door)).sort()).toEqual(served.sort());
    expect(documented).toEqual(expect.arrayContaining([...mine, 'post /v1/alerts', 'get /v1/alerts/{id}']));
  });

  it('hang together', async () => {
    for (const path of ['/v1/openapi.json', '/v1/asyncapi.json']) {
      const { status, body } = await open.ask('GET', path);
      const all = refs(body);
      expect([status, all.length > 20, all.filter((ref) => resolved(body, ref) === undefined)]).toEqual([
        200,
        true,
        [],
      ]);
    }
    const { body } = await open.ask('GET', '/v1/openapi.json');
    expect(body.components.schemas.NoteBody).toMatchObject({
      required: ['text'],
      additionalProperties: false,
      properties: { text: { maxLength: 8_000 }, expectedVersion: { type: 'integer' } },
    });
    expect(body.components.schemas[AlertsAnswer.name]).toBeDefined();
  });
});

describe('health', () => {
  it('is live, and ready once the whole system has been seen', async () => {
    expect(await open.ask('GET', '/healthz/live')).toMatchObject({ status: 200 });
    expect(await open.ask('GET', '/healthz/ready')).toMatchObject({
      status: 503,
      body: { reason: expect.stringContaining('engine') },
    });
    for (const service of ['intake', 'engine', 'notifier']) {
      await open.pool.query(
        'INSERT INTO process_heartbeat (id, service, pid, started_at, beat_at, ready) VALUES (gen_random_uuid(), $1, 1, now(), now(), true)',
        [service],
      );
    }
    await until(async () => (await open.ask('GET', '/healthz/ready')).status === 200);
    expect((await open.ask('GET', '/metrics')).text).toContain('tocsin_gateway_sockets');
  });
});

/** `get /v1/incidents/{id}` ... as Nest has them. */
function doorsOf({ gateway: { app } }: OpenGateway): string[] {
  const methods = ['get', 'post', 'put', 'delete'];
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype, instance }) => {
    if (!metatype || !instance) return [];
    const base = Reflect.getMetadata('path', metatype) as string;
    return scanner.getAllMethodNames(Object.getPrototypeOf(instance)).flatMap((name) => {
      const handler = (instance as Record<string, object>)[name] as object;
      const path = Reflect.getMetadata('path', handler) as string | undefined;
      if (path === undefined) return [];
      const whole = `/${base}/${path}`
        .replace(/\/+/g, '/')
        .replace(/(.)\/$/, '$1')
        .replace(/:(\w+)/g, '{$1}');
      return [`${methods[Reflect.getMetadata('method', handler) as number]} ${whole}`];
    });
  });
}
