import type { Context } from './context';
import { grouped } from './context';
import type { Violation } from './shapes';

const lagAtMostMs = 200;
/** What is late beyond this may be the host's doing; what is lost, doubled or wrong is not. */
const stolenAtMost = 0.1;
const ofTime: ReadonlySet<string> = new Set(['I7', 'I8', 'I11', 'I14', 'I17', 'liveness']);

/** Of the processors' time since the first phase began, what the host gave to others; 0 where nobody told. */
export function stolenShare({ phase, stolen }: Context['records']): number {
  const during = stolen.filter(({ t }) => t >= (phase[0]?.t ?? 0));
  return during.reduce((sum, { share }) => sum + share, 0) / Math.max(during.length, 1);
}

/**
 * Why a run proves nothing either way, if so: a recorder's own event loop was late by over 200 ms since the first phase
 * began (what it timed is not to be trusted); the host took over a tenth of the processors away, and nothing
 * but lateness was found; or a recorder broke off: a
 * hole in its lines, or a phase up to the heal without its end. Consoles may lag: what they time, how soon they were up to
 * date, only looks worse by it.
 */
export function voidReason({ history, records }: Context, violations: readonly Violation[]): string | undefined {
  if (history.length === 0) return 'the history is empty';
  const beganAt = records.phase[0]?.t ?? 0;
  const [worst] = records.lag.filter(({ t, rec }) => t >= beganAt && rec !== 'consoles').sort((a, b) => b.ms - a.ms);
  if (worst !== undefined && worst.ms > lagAtMostMs) return `recorder ${worst.rec} lagged ${worst.ms} ms`;
  const stolen = stolenShare(records);
  if (stolen > stolenAtMost && violations.every(({ invariant }) => ofTime.has(invariant)))
    return `the host gave ${Math.round(stolen * 100)} % of the processors’ time to others`;
  for (const [name, lines] of grouped(history, ({ rec }) => rec)) {
    const numbers = lines.map(({ n }) => n).sort((a, b) => a - b);
    const hole = numbers.findIndex((n, index) => n !== index);
    if (hole >= 0) return `recorder ${name} lacks line ${hole}`;
  }
  const ended = (ph: string): number => records.phase.filter((one) => one.phase !== 'dump' && one.ph === ph).length;
  const isWhole =
    records.phase.some(({ phase, ph }) => phase === 'heal' && ph === 'ok') && ended('ok') === ended('invoke');
  return isWhole ? undefined : 'the recorder of phases broke off before the run had healed';
}
