import { row } from '../../test/rows.js';
import type { ActName, Role, User } from '../wire.js';
import { handOf, nextOfMine, undoOf, why } from './verbs.js';

const user = (...roles: Role[]): User => ({ id: 'me', name: 'Me', roles });
const may = (act: ActName, part: Parameters<typeof row>[0], ...roles: Role[]) =>
  why(act, row(part), handOf(user(...roles), false));
const sent = [{ person: 'x', team: null, state: 'notified' as const }];

describe('a verb', () => {
  it('is refused to a role that has it not, and to everybody without a link', () => {
    expect(may('take', {}, 'reviewer')).toBe('role');
    expect(may('take', {}, 'responder')).toBe('role');
    expect(may('accept', {}, 'responder')).toBeNull();
    expect(why('take', row(), handOf(user('operator'), true))).toBe('no-link');
  });

  it('goes by what the gateway says of the person, before the roles', () => {
    expect(why('take', row(), handOf({ ...user('operator'), acts: ['note'] }, false))).toBe('role');
  });

  it('follows the states of the incident', () => {
    expect(may('acknowledge', { state: 'acknowledged' }, 'operator')).toBe('state');
    expect(may('take', { state: 'acknowledged', owner: 'me' }, 'operator')).toBe('yours-already');
    expect(may('take', { state: 'acknowledged', owner: 'you' }, 'operator')).toBeNull();
    expect(may('dispatch', { state: 'resolved' }, 'operator')).toBe('state');
    expect(may('close', { state: 'acknowledged' }, 'operator')).toBe('state');
    expect(may('stand-down', {}, 'operator')).toBe('nobody');
    expect(may('stand-down', { assignments: sent }, 'operator')).toBeNull();
  });

  it('closes and reopens what another owns only for a commander', () => {
    const theirs = { state: 'resolved', owner: 'you' } as const;
    expect([may('close', theirs, 'operator'), may('close', theirs, 'commander')]).toEqual(['not-yours', null]);
    expect(may('reopen', { state: 'closed', owner: 'me' }, 'operator')).toBeNull();
  });

  it('leads a responder forward only', () => {
    const mine = (state: 'notified' | 'accepted' | 'en_route' | 'on_scene' | 'clear') =>
      nextOfMine({ person: 'me', team: null, state });
    expect(nextOfMine(undefined)).toEqual(['accept', 'decline']);
    expect(mine('accepted')).toEqual(['en-route', 'on-scene', 'clear']);
    expect(mine('on_scene')).toEqual(['clear']);
    expect(mine('clear')).toEqual([]);
  });

  it('is undone by its opposite, where there is one', () => {
    expect(undoOf('take', row())).toEqual({ act: 'release', body: {} });
    expect(undoOf('take', row({ owner: 'you' }))).toEqual({ act: 'transfer', body: { to: 'you' } });
    expect(undoOf('dispatch', row())?.act).toBe('recall');
    expect(undoOf('regrade', row({ severity: 'low' }))).toEqual({ act: 'regrade', body: { severity: 'low' } });
    expect(undoOf('note', row())).toBeNull();
    expect(undoOf('close', row())).toBeNull();
  });
});
