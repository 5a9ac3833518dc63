import { Webhook } from 'standardwebhooks';
import { describeChannel } from '../../test/conformance.js';
import { type HttpPeer, startHttpPeer } from '../../test/http-peer.js';
import { message } from '../../test/messages.js';
import { webhookChannel, webhookSecret } from './webhook-channel.js';

let peer: HttpPeer;
const never = new AbortController().signal;
const to = () => ({ kind: 'webhook' as const, id: 'ops', url: `${peer.origin}/hook?a=1` });
const open = (deadlineMs?: number) =>
  webhookChannel({
    signingKey: 'k'.repeat(32),
    allowHosts: [`127.0.0.1:${peer.port}`, '127.0.0.1:9'],
    ...(deadlineMs ? { deadlineMs } : {}),
  });

beforeEach(async () => {
  peer = await startHttpPeer();
});
afterEach(() => peer.close());

describeChannel('webhook', () => ({
  open,
  openUnconfigured: () => webhookChannel({ signingKey: null }),
  to: to(),
  toNobody: { open, to: { kind: 'webhook', id: 'ops', url: 'http://127.0.0.1:9/' } },
  behave: (behaviour) =>
    peer.behave(
      {
        accept: { status: 204 },
        refuse: { status: 410 },
        busy: { status: 429, headers: { 'retry-after': '7' } },
        fault: { status: 500 },
        hang: 'hang' as const,
        cut: 'cut' as const,
      }[behaviour],
    ),
  keys: () => peer.requests.map(({ headers }) => String(headers['webhook-id'])),
  proofAtOnce: true,
  retryAfterMs: 7_000,
}));

describe('webhook', () => {
  it('is signed so that a Standard Webhooks library verifies it with the receiver’s own secret', async () => {
    const channel = open();
    await channel.send(message(to()), never);
    const [request] = peer.requests;
    const headers = request?.headers as Record<string, string>;
    const verified = new Webhook(webhookSecret('k'.repeat(32), 'ops')).verify(request?.body.toString() ?? '', headers);
    expect(verified).toMatchObject({
      type: 'tocsin.page',
      data: { count: 1, incidents: [{ number: '26-00123', openedAt: '2026-11-24T22:39:00.000Z' }] },
    });
    expect(() =>
      new Webhook(webhookSecret('k'.repeat(32), 'other')).verify(request?.body.toString() ?? '', headers),
    ).toThrow();
    await channel.close();
  });

  it('does not follow a redirect', async () => {
    const channel = open();
    peer.behave({ status: 302, headers: { location: 'http://169.254.169.254/' } });
    expect(await channel.send(message(to()), never)).toEqual({ kind: 'refused-for-good', code: 'http-302' });
    expect(peer.requests).toHaveLength(1);
    await channel.close();
  });

  it.each(['drip', 'flood'] as const)(
    'is accepted by the status, and lets go of a body that is a %s',
    async (behaviour) => {
      const channel = open();
      peer.behave(behaviour);
      const startedAt = performance.now();
      expect(await channel.send(message(to()), never)).toMatchObject({ kind: 'accepted', proof: true });
      expect(performance.now() - startedAt).toBeLessThan(4_000);
      await channel.close();
    },
  );

  it('keeps its connection, and survives one that the other side had closed', async () => {
    const channel = open();
    for (let i = 0; i < 5; i++) expect(await channel.send(message(to()), never)).toMatchObject({ kind: 'accepted' });
    expect(peer.connections).toBe(1);
    await channel.close();
  });
});
