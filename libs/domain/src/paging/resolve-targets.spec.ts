import { factsOf, idOf, person, T0, unit } from '../../test/example-unit.js';
import type { Target } from '../index.js';
import { nextRung, resolveTargets, rungOf } from '../index.js';

const facts = factsOf();

it.each<[Target, string[], string]>([
  [{ kind: 'person', id: 'ali' }, [idOf('ali')], 'target-person'],
  [{ kind: 'person', id: 'nobody' }, [], 'target-unknown'],
  [{ kind: 'channel', id: 'wall' }, ['wall'], 'target-channel'],
  [{ kind: 'channel', id: 'gone' }, [], 'target-unknown'],
  [{ kind: 'team', id: 'red' }, [idOf('ali'), idOf('bela')], 'target-team'],
  [{ kind: 'team', id: 'empty' }, [], 'target-nobody'],
  [{ kind: 'team', id: 'gone' }, [], 'target-unknown'],
  [{ kind: 'schedule', id: 'vacant' }, [], 'target-nobody'],
  [{ kind: 'schedule', id: 'gone' }, [], 'target-unknown'],
])('%j', (target, ids, code) => {
  const { targets, reason } = resolveTargets(target, facts, T0);
  expect([targets.map(({ id }) => id), reason.code]).toEqual([ids, code]);
});

it('a team with a schedule means who is on call, live', () => {
  const now = resolveTargets({ kind: 'team', id: 'rota' }, facts, T0);
  expect(now.targets).toHaveLength(1);
  const overrides = [{ id: 'o', person: 'chief', from: '2026-11-24T00:00:00Z', to: '2026-11-25T00:00:00Z' }];
  const schedules = unit.schedules.map((schedule) => (schedule.id === 'duty' ? { ...schedule, overrides } : schedule));
  expect(resolveTargets({ kind: 'team', id: 'rota' }, factsOf({ schedules }), T0).targets[0]?.id).toBe(idOf('chief'));
});

it('a ladder has rungs in the order of the contacts, and an end', () => {
  const ali = person('ali', {
    contacts: [{ channel: 'push' }, { channel: 'email', address: 'ali@unit.example', afterS: 30 }],
  });
  expect(rungOf(ali, 0)).toEqual({ rung: 0, channel: 'push', address: null, afterS: null });
  expect(nextRung(ali, 0)).toEqual({ rung: 1, channel: 'email', address: 'ali@unit.example', afterS: 30 });
  expect(nextRung(ali, 1)).toBeNull();
});
