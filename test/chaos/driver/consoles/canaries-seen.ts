import { canariesIn } from '../../scene';
import { textOf } from './wire-parser';

/** Frames are shared by the consoles of one sight: each is searched once. */
const found = new WeakMap<object, readonly string[]>();

/** Adds the canaries of a frame to what a console has been sent. */
export function noteCanaries(frame: object, seen: Set<string>): void {
  let words = found.get(frame);
  if (words === undefined) found.set(frame, (words = canariesIn(textOf(frame))));
  for (const word of words) seen.add(word);
}
