import type { ActName, Grant } from './index.js';
import { allowedActs, canAct, roles } from './index.js';

const grant = (role: Grant['role'], scope: Grant['scope'] = { kind: 'unit' }): Grant => ({ role, scope });

it('reviewer and admin do no operational act', () => {
  for (const role of ['reviewer', 'admin'] as const) {
    expect(allowedActs(role)).toEqual([]);
    expect(canAct([grant(role)], 'depot', ['north'], 'note')).toBe(false);
  }
});

it('a responder does what a responder does, on what he was paged or assigned for', () => {
  const acts: ActName[] = ['accept', 'decline', 'en-route', 'on-scene', 'clear', 'note', 'acknowledge'];
  expect([...allowedActs('responder')].sort()).toEqual(acts.sort());
  expect(canAct([grant('responder')], 'depot', [], 'accept', { involved: true })).toBe(true);
  expect(canAct([grant('responder')], 'depot', [], 'accept', { involved: false })).toBe(false);
  expect(canAct([grant('responder')], 'depot', [], 'resolve', { involved: true })).toBe(false);
});

it('only a commander closes and reopens the incidents of others', () => {
  for (const act of ['close', 'reopen'] as const) {
    expect(canAct([grant('operator')], 'depot', [], act, { ownedByOther: true })).toBe(false);
    expect(canAct([grant('operator')], 'depot', [], act, { ownedByOther: false })).toBe(true);
    expect(canAct([grant('commander')], 'depot', [], act, { ownedByOther: true })).toBe(true);
  }
});

it.each<[Grant['scope'], string | null, string[], boolean]>([
  [{ kind: 'unit' }, null, [], true],
  [{ kind: 'site', id: 'depot' }, 'depot', [], true],
  [{ kind: 'site', id: 'depot' }, 'villa', [], false],
  [{ kind: 'group', id: 'north' }, 'depot', ['north'], true],
  [{ kind: 'group', id: 'north' }, 'villa', ['south'], false],
  [{ kind: 'group', id: 'north' }, null, ['north'], false],
])('scope %j, site %s of %j: %s', (scope, site, groups, may) => {
  expect(canAct([grant('operator', scope)], site, groups, 'take')).toBe(may);
});

it('without a grant nobody does anything', () => {
  expect(canAct([], 'depot', [], 'note')).toBe(false);
  for (const role of roles)
    expect(canAct([grant(role, { kind: 'site', id: 'villa' })], 'depot', [], 'note')).toBe(false);
});
