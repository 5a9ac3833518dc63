import type { DeliveryRow, NotificationRow } from '../dumps/shapes';
import type { Context } from './context';
import { grouped } from './context';

/** decisions.md section 6: deliveries to one person by one channel in any 10 min. */
export const paceLimit = 12;
export const paceWindowMs = 600_000;
/** Every critical is named within this time of being due; beyond the limit one delivery per this time carries them. */
export const namedWithinMs = 30_000;

const tapes = new WeakMap<Context, Map<string, readonly DeliveryRow[]>>();

export const paceKey = ({ target, channel }: Pick<DeliveryRow, 'target' | 'channel'>): string => `${target} ${channel}`;

/** Deliveries to people by person and channel, in order of time. An abandoned one has given its slot back. */
export function pacedDeliveries(context: Context): ReadonlyMap<string, readonly DeliveryRow[]> {
  const known = tapes.get(context);
  if (known !== undefined) return known;
  const counted = context.dumps.sql.deliveries
    .filter(({ targetKind, state }) => targetKind === 'person' && state !== 'abandoned')
    .sort((a, b) => a.madeAt - b.madeAt);
  const tape = grouped(counted, paceKey);
  tapes.set(context, tape);
  return tape;
}

/** May a page of lower rank rightly wait at `at`, because its person has had as many as pace allows? */
export function isPaceFull(context: Context, page: NotificationRow, at: number): boolean {
  const tape = pacedDeliveries(context).get(paceKey(page)) ?? [];
  return tape.filter(({ madeAt }) => madeAt > at - paceWindowMs && madeAt <= at).length >= paceLimit;
}
