import { clock } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { grade, isUntaken } from '../queue/sections.js';
import type { Incident } from '../wire.js';
import type { Level } from './burst.js';
import { breakSilence, sound } from './sound.js';

/** An untaken S1 sounds again after this long, until it is taken. */
const REPEAT_MS = 5_000;
/** More than this many new alarms in the window are one burst, not a carillon. */
const MANY = 3;
const WINDOW_MS = 5_000;

const levelOf = (i: Incident): Level | null => {
  const g = grade(i);
  return g === 's1' ? 'high' : g === 's2' ? 'medium' : g === 's3' ? 'low' : g === 'sys' ? 'system' : null;
};
const loudness: readonly Level[] = ['low', 'system', 'medium', 'high'];

/** Sounds what comes in: each new untaken alarm once, an untaken S1 every five seconds. Answers how to stop. */
export function startRinging(): () => void {
  const known = new Set<string>();
  let recent: number[] = [];
  let lastHigh = Number.NEGATIVE_INFINITY;
  const ring = (level: Level): void => {
    if (level === 'high') lastHigh = performance.now();
    sound(level);
  };
  const stop = useLive.subscribe((now, was) => {
    if (now.world === was.world || !now.loaded) return;
    const fresh = [...now.world.incidents.values()].filter((i) => isUntaken(i) && !known.has(i.id));
    for (const i of fresh) known.add(i.id);
    for (const id of known) if (now.world.incidents.get(id)?.state !== 'open') known.delete(id);
    const first = !was.loaded;
    const levels = fresh.map(levelOf).filter((l): l is Level => l !== null);
    if (levels.length === 0) return;
    const mono = performance.now();
    recent = [...recent.filter((at) => mono - at < WINDOW_MS), ...levels.map(() => mono)];
    const loudest = levels.sort((a, b) => loudness.indexOf(b) - loudness.indexOf(a))[0] as Level;
    if (loudest === 'high' && !first) breakSilence();
    if (loudest === 'high' || (!first && recent.length <= MANY)) ring(loudest);
  });
  const repeat = setInterval(() => {
    const waits = [...useLive.getState().world.incidents.values()].some((i) => isUntaken(i) && grade(i) === 's1');
    if (waits && !clock.stale() && performance.now() - lastHigh >= REPEAT_MS) ring('high');
  }, 250);
  return () => {
    stop();
    clearInterval(repeat);
  };
}
