import { renewPassword } from '@tocsin/operations';
import { livingSubscriptions } from '@tocsin/store';
import { v7 } from 'uuid';
import { OpenGateway, password, people, type SignedIn } from './open-gateway.js';
import { sentPage } from './sent-page.js';

let open: OpenGateway;
let guard: SignedIn;
let scout: SignedIn;
beforeAll(async () => {
  open = await OpenGateway.open();
  [guard, scout] = (await Promise.all([open.signIn('guard'), open.signIn('scout')])) as [SignedIn, SignedIn];
});
afterAll(() => open.close());

const keys = { p256dh: 'BPoint_of_65_bytes', auth: 'sixteen-bytes' };

describe('a phone', () => {
  it('is given the public key of the unit, always the same', async () => {
    const { body } = await guard.get('/v1/push/key');
    expect(body.publicKey).toMatch(/^[A-Za-z0-9_-]{87}$/);
    expect((await scout.get('/v1/push/key')).body).toEqual(body);
  });

  it('is kept sealed, once, for whoever is signed in on it, and can be taken off', async () => {
    const endpoint = `https://push.example/${v7()}`;
    const first = await guard.post('/v1/push/subscriptions', { endpoint, keys, expirationTime: null });
    const second = await scout.post('/v1/push/subscriptions', { endpoint, keys });
    expect([first.status, second.body]).toEqual([201, first.body]);
    const { rows } = await open.pool.query('SELECT person_id, sealed, dead_at FROM push_subscription');
    expect(rows).toMatchObject([{ person_id: people.scout.id, dead_at: null }]);
    expect(rows[0].sealed.includes('push.example')).toBe(false);
    const remove = (who: SignedIn) => open.ask('DELETE', '/v1/push/subscriptions', { endpoint }, { token: who.token });
    expect([(await remove(guard)).status, (await remove(scout)).status, (await remove(scout)).status]).toEqual([
      404, 204, 404,
    ]);
  });
});

describe('a phone that nobody could be paged on', () => {
  it('is refused: an address inside the network, or none of a push service', async () => {
    for (const endpoint of [
      'http://push.example/1',
      'https://127.0.0.1/1',
      'https://169.254.169.254/latest/meta-data',
      'https://[::ffff:7f00:1]/1',
      'https://2130706433/1',
      'https://push.example:6379/1',
      'https://user@push.example/1',
    ]) {
      const answer = await guard.post('/v1/push/subscriptions', { endpoint, keys });
      expect([endpoint, answer]).toMatchObject([endpoint, { status: 422, body: { errors: [{ path: 'endpoint' }] } }]);
    }
  });

  it('does not stand for a thousand: of more than 10 the one heard of longest ago ends', async () => {
    const endpoint = (n: number) => `https://push.example/many/${n}`;
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 11])
      expect((await scout.post('/v1/push/subscriptions', { endpoint: endpoint(n), keys })).status).toBe(201);
    expect(await livingSubscriptions(open.pool, [scout.id])).toHaveLength(10);
    const remove = (n: number) =>
      open.ask('DELETE', '/v1/push/subscriptions', { endpoint: endpoint(n) }, { token: scout.token });
    expect([(await remove(2)).status, (await remove(1)).status]).toEqual([404, 204]);
  });
});

describe('a phone is no longer paged', () => {
  const endpoint = `https://push.example/${v7()}`;
  const isPaged = async (who: SignedIn): Promise<boolean> =>
    (await livingSubscriptions(open.pool, [who.id])).length === 1;
  const signedInOnIt = async (): Promise<SignedIn> => {
    const second = await open.signIn('second');
    await second.post('/v1/push/subscriptions', { endpoint, keys });
    expect(await isPaged(second)).toBe(true);
    return second;
  };

  it('when its person signs out on it, and is again when he signs in', async () => {
    const second = await signedInOnIt();
    const elsewhere = await open.signIn('second');
    await open.ask('DELETE', '/v1/session', undefined, { token: elsewhere.token });
    expect(await isPaged(second)).toBe(true);
    await open.ask('DELETE', '/v1/session', undefined, { token: second.token });
    expect(await isPaged(second)).toBe(false);
    await signedInOnIt();
  });

  it('when the password is renewed, as for a phone that was lost', async () => {
    const second = await signedInOnIt();
    await renewPassword(open.pool, { username: 'second', by: 'test', password });
    expect([await isPaged(second), (await second.get('/v1/session')).status]).toEqual([false, 401]);
  });
});

describe('a page', () => {
  const sent = () => sentPage(open);

  it('is proven by its receipt, without a session, in its order', async () => {
    const { incidentId, deliveryId, code } = await sent();
    const receipt = (body: object) => open.ask('POST', '/v1/push/receipts', { deliveryId, code, ...body });
    expect((await receipt({ code: 'another' })).status).toBe(404);
    expect((await receipt({})).status).toBe(204);
    const deliveries = async () => (await guard.get(`/v1/incidents/${incidentId}/deliveries`)).body.items[0];
    expect(await deliveries()).toMatchObject({ state: 'delivered', deliveredAt: expect.any(String), seenAt: null });
    expect((await receipt({ what: 'seen' })).status).toBe(204);
    expect((await receipt({ state: 'delivered' })).status).toBe(204);
    expect(await deliveries()).toMatchObject({ state: 'seen', seenAt: expect.any(String), deliveryState: 'seen' });
  });

  it('acknowledges by its code exactly what it named, as the one to whom it was sent, once', async () => {
    const { incidentId, deliveryId, code } = await sent();
    const other = await open.alert();
    const answer = await open.ask('POST', '/v1/push/acknowledge', { code, deliveryId });
    expect(answer).toMatchObject({
      status: 200,
      body: { person: people.guard.id, incidents: [{ id: incidentId, state: 'acknowledged' }] },
    });
    expect((await guard.get(`/v1/incidents/${other}`)).body.state).toBe('open');
    const log = (await guard.get(`/v1/incidents/${incidentId}/events`)).body.items;
    const acknowledged = log.filter(({ type }: { type: string }) => type === 'incident.acknowledged');
    expect(acknowledged).toMatchObject([{ actor: { kind: 'person', id: people.guard.id } }]);
    expect((await open.ask('POST', '/v1/push/acknowledge', { code })).status).toBe(200);
    expect((await guard.get(`/v1/incidents/${incidentId}/events`)).body.items).toHaveLength(log.length);
    expect((await open.ask('POST', '/v1/push/acknowledge', { code, deliveryId: v7() })).status).toBe(404);
  });

  it('is answered for nobody any more once his password was renewed: the phone may be in other hands', async () => {
    const { incidentId, deliveryId, code } = await sent();
    await renewPassword(open.pool, { username: 'guard', by: 'test', password });
    expect((await open.ask('POST', '/v1/push/receipts', { deliveryId, code })).status).toBe(404);
    expect((await open.ask('POST', '/v1/push/acknowledge', { code })).status).toBe(404);
    expect((await scout.get(`/v1/incidents/${incidentId}`)).body.state).toBe('open');
    const later = await sent();
    expect((await open.ask('POST', '/v1/push/acknowledge', { code: later.code })).status).toBe(200);
  });
});
