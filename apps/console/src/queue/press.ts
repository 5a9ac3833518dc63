import { sayTooNew, useDesk } from '../desk/desk.js';
import { painted } from './painted.js';
import { choose } from './view.js';

/** A pointer on a row opens it; a row that came under the pointer less than 250 ms ago says so instead. */
export function press(id: string, event: PointerEvent): void {
  if (event.button !== 0) return;
  if (painted.mayAct(id, event.timeStamp, 'pointer')) choose(id);
  else sayTooNew(id);
}

/** Whether a key may act on the open incident now: seen for 250 ms, and not put under the hand by the console since. */
export function mayActByKey(id: string, at: number): boolean {
  const { selected, auto, selectedAt } = useDesk.getState();
  const chosenLongEnough = selected !== id || !auto || at - selectedAt >= 250;
  if (chosenLongEnough && painted.mayAct(id, at, 'key')) return true;
  sayTooNew(id);
  return false;
}
