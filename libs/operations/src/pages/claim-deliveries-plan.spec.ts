import { MINUTE, SECOND, type Pager } from '@tocsin/domain';
import type { PageRow } from '@tocsin/store';
import { planPeople } from './claim-deliveries-plan.js';

const now = 1_000 * MINUTE;
const page = (id: string, dueAgo: number): PageRow =>
  ({
    id,
    target_kind: 'person',
    target_id: 'amina',
    rung: 0,
    channel: 'email',
    severity: 'critical',
    due_at: now - dueAgo,
  }) as PageRow;
/** Twelve within ten minutes, and one beyond them so long ago. */
const spent = (beyondAgo: number): Pager => ({
  sentAt: Array.from({ length: 12 }, (_, n) => now - MINUTE - n * SECOND),
  lastCriticalAt: now - beyondAgo,
});
const plan = (pager: Pager, leavesOut: boolean, dueAgo = 20 * SECOND) =>
  planPeople({
    waiting: [page('a', dueAgo)],
    pagers: new Map([['amina', pager]]),
    isReachable: () => true,
    leavesOut: new Set(leavesOut ? ['amina'] : []),
    now,
  });

it('beyond the limit, waits two seconds for an incident that somebody holds: what is left out would wait 30 s', () => {
  expect(plan(spent(30 * SECOND), true)).toEqual({ deliveries: [], pagers: new Map(), postponed: [] });
  expect(plan(spent(31.9 * SECOND), true).deliveries).toEqual([]);
  expect(plan(spent(32 * SECOND), true).deliveries).toHaveLength(1);
});

it('waits for nothing when all can be named, or when there is room within the limit', () => {
  expect(plan(spent(30 * SECOND), false).deliveries).toHaveLength(1);
  expect(plan({ sentAt: [], lastCriticalAt: null }, true).deliveries).toHaveLength(1);
});

it('the two seconds begin when the critical is due, where that is later', () => {
  expect(plan(spent(90 * SECOND), true, SECOND).deliveries).toEqual([]);
  expect(plan(spent(90 * SECOND), true, 3 * SECOND).deliveries).toHaveLength(1);
});
