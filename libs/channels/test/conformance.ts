import type { Channel, PageMessage } from '../src/index.js';
import { incident, message } from './messages.js';

/** What the other side is told to do, in words that fit every channel. */
export type PeerBehaviour = 'accept' | 'refuse' | 'busy' | 'fault' | 'hang' | 'cut';

export interface ChannelUnderTest {
  /** `deadlineMs` is short in the silent cases. */
  open(deadlineMs?: number): Channel;
  openUnconfigured(): Channel;
  readonly to: PageMessage['to'];
  /** An address of the same kind where nobody listens. */
  readonly toNobody: { readonly open: (deadlineMs: number) => Channel; readonly to: PageMessage['to'] };
  behave(behaviour: PeerBehaviour): void;
  /** The keys of the messages that arrived whole, in order. */
  keys(): string[];
  readonly proofAtOnce: boolean;
  /** What `busy` says: absent where the protocol has no Retry-After. */
  readonly retryAfterMs?: number;
}

const never = new AbortController().signal;

/** The law of `Channel`, run against a real peer. */
export function describeChannel(name: string, under: () => ChannelUnderTest): void {
  describe(`channel ${name}`, () => {
    const opened: Channel[] = [];
    const open = (deadlineMs?: number): Channel => {
      const channel = under().open(deadlineMs);
      opened.push(channel);
      return channel;
    };
    afterEach(async () => {
      for (const channel of opened.splice(0)) await channel.close();
    });
    const send = (channel: Channel, over = {}, signal = never) => channel.send(message(under().to, over), signal);

    it('is accepted', async () => {
      under().behave('accept');
      const page = message(under().to);
      const outcome = await open().send(page, never);
      expect(outcome).toMatchObject({ kind: 'accepted' });
      expect(outcome.kind === 'accepted' && Boolean(outcome.proof)).toBe(under().proofAtOnce);
      expect(under().keys()).toEqual([page.deliveryId]);
    });

    it('is refused for good', async () => {
      under().behave('refuse');
      expect(await send(open())).toMatchObject({ kind: 'refused-for-good' });
    });

    it('is put off, for as long as the other side says', async () => {
      under().behave('busy');
      const outcome = await send(open());
      expect(outcome).toMatchObject({ kind: 'try-later' });
      expect(outcome.kind === 'try-later' && outcome.retryAfterMs).toBe(under().retryAfterMs);
    });

    it('may be tried again after a fault of the other side', async () => {
      under().behave('fault');
      expect(await send(open())).toMatchObject({ kind: 'try-later' });
    });

    it('is unknown when the answer never comes', async () => {
      under().behave('hang');
      expect(await send(open(300))).toEqual({ kind: 'unknown', code: 'timeout' });
    });

    it('is unknown when the line is cut after everything was sent', async () => {
      under().behave('cut');
      expect(await send(open())).toMatchObject({ kind: 'unknown' });
    });

    it('gives the receiver the same key when it is sent again', async () => {
      const page = message(under().to);
      const channel = open(300);
      under().behave('hang');
      await channel.send(page, never);
      under().behave('accept');
      expect(await channel.send(page, never)).toMatchObject({ kind: 'accepted' });
      expect(under().keys()).toEqual([page.deliveryId, page.deliveryId]);
    });

    it('works again after silence, on the same channel', async () => {
      const channel = open(300);
      under().behave('cut');
      await send(channel);
      under().behave('accept');
      expect(await send(channel)).toMatchObject({ kind: 'accepted' });
    });

    it('sends nothing when it is aborted before it began', async () => {
      under().behave('accept');
      expect(await send(open(), {}, AbortSignal.abort())).toEqual({ kind: 'try-later', code: expect.any(String) });
      expect(under().keys()).toEqual([]);
    });

    it('ends at once when it is aborted, and does not claim to know', async () => {
      under().behave('hang');
      const abort = new AbortController();
      const startedAt = performance.now();
      const sending = send(open(20_000), {}, abort.signal);
      while (under().keys().length === 0) await new Promise((resolve) => setImmediate(resolve));
      abort.abort();
      expect(await sending).toMatchObject({ kind: 'unknown' });
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    });

    it('may be tried again when nobody listens', async () => {
      const channel = under().toNobody.open(2_000);
      opened.push(channel);
      expect(await channel.send(message(under().toNobody.to), never)).toMatchObject({ kind: 'try-later' });
    });

    it('takes any title', async () => {
      under().behave('accept');
      const title = `\r\nBcc: all@example.org\r\n\r\n\u202e<script>\u0000 ${'x'.repeat(5_000)} \ud800 یہ 测试`;
      const incidents = Array.from({ length: 60 }, () => incident({ title }));
      expect(await send(open(), { incidents })).toMatchObject({ kind: 'accepted' });
    });

    it('says that it is not configured', async () => {
      const channel = under().openUnconfigured();
      opened.push(channel);
      expect(channel.configured()).toBe(false);
      expect(await channel.send(message(under().to), never)).toEqual({
        kind: 'refused-for-good',
        code: 'not-configured',
      });
    });
  });
}
