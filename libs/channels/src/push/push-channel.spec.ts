import { describeChannel } from '../../test/conformance.js';
import { type HttpPeer, startHttpPeer } from '../../test/http-peer.js';
import { incident, message } from '../../test/messages.js';
import { type PushReceiver, pushReceiver, vapidClaims } from '../../test/push-peer.js';
import { selfSigned } from '../../test/self-signed.js';
import type { PageMessage, Recipient } from '../channel.js';
import { makeVapidKeys, pushChannel } from './push-channel.js';
import { pushPayload, pushTextBytes } from './push-payload.js';

const tls = selfSigned({ dns: ['localhost'], ip: ['127.0.0.1'] });
const vapid = makeVapidKeys();
const never = new AbortController().signal;
let peer: HttpPeer;
let receiver: PushReceiver;
const to = (): Recipient => ({ kind: 'push', subscription: receiver.subscription(`${peer.origin}/send/abc`) });
const open = (deadlineMs?: number) =>
  pushChannel({
    vapid,
    subject: 'mailto:ops@tocsin.test',
    ca: tls.cert,
    allowHosts: [`127.0.0.1:${peer.port}`, '127.0.0.1:9'],
    ...(deadlineMs ? { deadlineMs } : {}),
  });
const read = (at: number) => JSON.parse(receiver.decrypt(peer.requests[at]?.body ?? Buffer.alloc(0)));

beforeEach(async () => {
  peer = await startHttpPeer(tls);
  receiver = pushReceiver();
});
afterEach(() => peer.close());

describeChannel('push', () => ({
  open,
  openUnconfigured: () => pushChannel({ vapid: null, subject: 'mailto:ops@tocsin.test' }),
  to: to(),
  toNobody: { open, to: { kind: 'push', subscription: receiver.subscription('https://127.0.0.1:9/send') } },
  behave: (behaviour) =>
    peer.behave(
      {
        accept: { status: 201, headers: { location: '/message/1' } },
        refuse: { status: 410 },
        busy: { status: 429, headers: { 'retry-after': '7' } },
        fault: { status: 502 },
        hang: 'hang' as const,
        cut: 'cut' as const,
      }[behaviour],
    ),
  keys: () => peer.requests.map((_, at) => read(at).notification.data.deliveryId),
  proofAtOnce: false,
  retryAfterMs: 7_000,
}));

describe('push', () => {
  it('is encrypted for the phone, signed for its push service, urgent and short-lived', async () => {
    const channel = open();
    peer.behave({ status: 201 });
    const page = message(to());
    await channel.send(page, never);
    const headers = peer.requests[0]?.headers ?? {};
    expect(headers).toMatchObject({ ttl: '900', urgency: 'high', 'content-encoding': 'aes128gcm' });
    expect(headers['topic']).toMatch(/^[\w-]{32}$/);
    const claims = vapidClaims(String(headers.authorization));
    expect(claims).toMatchObject({ aud: peer.origin, sub: 'mailto:ops@tocsin.test', key: vapid.publicKey });
    expect(claims.exp * 1000 - Date.now()).toBeLessThan(24 * 3_600_000);
    expect(read(0)).toMatchObject({
      web_push: 8030,
      notification: {
        title: page.title,
        navigate: page.url,
        dir: 'ltr',
        data: { deliveryId: page.deliveryId, code: 'c0de' },
      },
    });
    await channel.close();
  });

  it('replaces an earlier page of the same incident, never one of another', async () => {
    const channel = open();
    peer.behave({ status: 201 });
    const [one, two] = [incident(), incident()];
    for (const incidents of [[one], [one], [two], [one, two], [one, two]])
      await channel.send(message(to(), { incidents }), never);
    const topics = peer.requests.map(({ headers }) => headers['topic']);
    expect(topics[0]).toBe(topics[1]);
    expect(new Set(topics).size).toBe(4);
    await channel.close();
  });

  it('tells a dead subscription from a refused page', async () => {
    const channel = open();
    for (const [status, gone] of [
      [404, true],
      [410, true],
      [413, undefined],
      [403, undefined],
    ] as const) {
      peer.behave({ status });
      expect(await channel.send(message(to()), never)).toEqual({
        kind: 'refused-for-good',
        code: `http-${status}`,
        ...(gone ? { gone } : {}),
      });
    }
    await channel.close();
  });

  it('gives up a subscription whose keys are no keys', async () => {
    const channel = open();
    const bad: Recipient = {
      kind: 'push',
      subscription: { endpoint: `${peer.origin}/x`, keys: { p256dh: 'AAAA', auth: 'BB' } },
    };
    expect(await channel.send(message(bad), never)).toMatchObject({ kind: 'refused-for-good', gone: true });
    await channel.close();
  });

  it('does not call an endpoint inside the network', async () => {
    const channel = pushChannel({ vapid, subject: 'mailto:ops@tocsin.test' });
    expect(await channel.send(message(to()), never)).toMatchObject({ kind: 'refused-for-good', code: 'address-port' });
    await channel.close();
  });
});

describe('push payload', () => {
  const fits = (page: PageMessage) => expect(Buffer.byteLength(pushPayload(page))).toBeLessThanOrEqual(pushTextBytes);

  it('fits, however much there is to say, and keeps the key and the code', () => {
    const many = Array.from({ length: 90 }, (_, at) => incident({ title: '测'.repeat(500), number: `26-${at}` }));
    const page = message({ kind: 'email', address: 'x' }, { incidents: many, language: 'ur' });
    fits(page);
    expect(JSON.parse(pushPayload(page)).notification).toMatchObject({
      dir: 'rtl',
      data: { deliveryId: page.deliveryId, code: 'c0de' },
    });
    fits(message({ kind: 'email', address: 'x' }));
  });
});
