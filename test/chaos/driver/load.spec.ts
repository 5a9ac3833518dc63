import { until } from '../history/until';
import { Load } from './load';
import type { Planned, Submission } from './load-plan';
import type { Outcome } from './submit';

const request = (name: string): Submission =>
  ({ body: name, idempotencyKey: `i-${name}`, alerts: [{ key: name }] }) as unknown as Submission;

/** One planned request, answered as told and then well, until its sender has nothing left to say. */
async function play(planned: Partial<Planned>, answers: readonly Outcome[]) {
  const sent: string[] = [];
  const load = new Load({
    // So few that the first is the only one.
    perSecond: 0.01,
    plan: () => ({ first: request('a'), repeatsAfterMs: [], restores: [], ...planned }),
    submit: async ({ body, idempotencyKey }) => {
      sent.push(`${body} ${idempotencyKey}`);
      return answers[sent.length - 1] ?? { phase: 'ok', status: 202 };
    },
  });
  load.run();
  await until(() => load.counts.planned > 0 && load.openCount === 0, {
    withinMs: 20_000,
    what: 'every sender was heard',
  });
  return { sent, counts: load.counts, left: await load.end(1_000) };
}
const restores = [{ afterMs: 1, submission: request('b') }];

it('sends the same request, with its key, until it is accepted', async () => {
  const { sent, counts } = await play({}, [{ phase: 'info' }, { phase: 'info', status: 503 }]);
  expect(sent).toEqual(['a i-a', 'a i-a', 'a i-a']);
  expect(counts).toEqual({ planned: 1, accepted: 1, refused: 0 });
});

it('gives up what is refused for good, and waits where it was only too much', async () => {
  expect((await play({}, [{ phase: 'fail', status: 422 }])).counts).toEqual({ planned: 1, accepted: 0, refused: 1 });
  const { sent } = await play({}, [{ phase: 'fail', status: 429, retryAfterS: 1 }]);
  expect(sent).toHaveLength(2);
});

it('repeats the alarm without the key of the request, then restores it', async () => {
  const { sent } = await play({ repeatsAfterMs: [1, 1], restores }, []);
  expect(sent).toEqual(['a i-a', 'a null', 'a null', 'b i-b']);
});

it('restores nothing whose request may still be on its way', async () => {
  expect((await play({ restores }, [{ phase: 'info' }])).sent).toEqual(['a i-a', 'a i-a']);
});

it('says what is left without an answer', async () => {
  const load = new Load({
    perSecond: 0.01,
    plan: () => ({ first: request('a'), repeatsAfterMs: [], restores: [] }),
    submit: async () => ({ phase: 'info' }),
  });
  load.run();
  await until(() => load.openCount > 0, { withinMs: 5_000, what: 'a sender' });
  expect(await load.end(100)).toBe(1);
});
