import { message } from '../test/messages.js';
import { withBreaker } from './breaker.js';
import type { Channel, SendOutcome } from './channel.js';

const never = new AbortController().signal;
const hook = (host: string) => message({ kind: 'webhook', id: 'ops', url: `https://${host}/x` });

function scripted(outcome: () => SendOutcome | Promise<SendOutcome>) {
  const sent: string[] = [];
  const channel: Channel = {
    kind: 'webhook',
    provesArrival: true,
    deadlineMs: 1_000,
    configured: () => true,
    close: async () => undefined,
    send: async ({ to }) => {
      sent.push(to.kind === 'webhook' ? new URL(to.url).host : to.kind);
      return outcome();
    },
  };
  return { channel, sent };
}

describe('withBreaker', () => {
  let time = 0;
  beforeEach(() => {
    time = 1_000;
  });
  const breaker = (channel: Channel) => withBreaker(channel, { failures: 3, downMs: 10_000, now: () => time });

  it('leaves a silent destination alone, and others as they are', async () => {
    const { channel, sent } = scripted(() => ({ kind: 'unknown', code: 'timeout' }));
    const guarded = breaker(channel);
    for (let i = 0; i < 5; i++) await guarded.send(hook('dead.test'), never);
    expect(await guarded.send(hook('dead.test'), never)).toEqual({
      kind: 'try-later',
      code: 'destination-down',
      retryAfterMs: 10_000,
    });
    expect(sent).toHaveLength(3);
    await guarded.send(hook('live.test'), never);
    expect(sent.at(-1)).toBe('live.test');
  });

  it('probes with one message, and opens again when it is answered', async () => {
    let outcome: SendOutcome = { kind: 'try-later', code: 'ECONNREFUSED' };
    let release: (() => void) | undefined;
    const { channel, sent } = scripted(() =>
      release === undefined ? outcome : new Promise((resolve) => (release = () => resolve(outcome))),
    );
    const guarded = breaker(channel);
    for (let i = 0; i < 3; i++) await guarded.send(hook('dead.test'), never);
    time += 10_001;
    release = () => undefined;
    outcome = { kind: 'accepted', proof: true };
    const probe = guarded.send(hook('dead.test'), never);
    expect(await guarded.send(hook('dead.test'), never)).toMatchObject({ code: 'destination-down' });
    release();
    expect(await probe).toMatchObject({ kind: 'accepted' });
    release = undefined;
    expect(await guarded.send(hook('dead.test'), never)).toMatchObject({ kind: 'accepted' });
    expect(sent).toHaveLength(5);
  });

  it.each<SendOutcome>([
    { kind: 'try-later', code: 'http-503' },
    { kind: 'refused-for-good', code: 'http-404' },
    { kind: 'try-later', code: 'smtp-451' },
  ])('does not take %j for silence', async (outcome) => {
    const { channel, sent } = scripted(() => outcome);
    const guarded = breaker(channel);
    for (let i = 0; i < 10; i++) await guarded.send(hook('busy.test'), never);
    expect(sent).toHaveLength(10);
  });
});
