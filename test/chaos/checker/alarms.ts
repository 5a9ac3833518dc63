import type { AlertRow } from '../dumps/shapes';
import type { Context } from './context';

/** An alarm of the product about itself comes within this time of its matter. */
export const alarmWithinMs = 15_000;
/** One alert per process, cause, subject and 10 s stands for those that were held back. */
const heldBackMs = 10_500;

/**
 * The alarm of `cause` that stands for what happened at `at` (the database's ms), if there is one that `fits`: raised up
 * to 10 s before for an earlier one of its kind, or up to 15 s after.
 */
export function alarmFor(
  { alarms }: Context,
  {
    cause,
    at,
    fits = () => true,
  }: { readonly cause: string; readonly at: number; readonly fits?: (alarm: AlertRow) => boolean },
): AlertRow | undefined {
  const rows = alarms.get(cause) ?? [];
  for (let index = firstFrom(rows, at - heldBackMs); index < rows.length; index += 1) {
    const alarm = rows[index] as AlertRow;
    if (alarm.acceptedAt > at + alarmWithinMs) return undefined;
    if (fits(alarm)) return alarm;
  }
  return undefined;
}

function firstFrom(rows: readonly AlertRow[], at: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as AlertRow).acceptedAt < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
