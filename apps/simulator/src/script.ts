import type { SiteView } from '@tocsin/contracts';
import type { AlertItem } from '@tocsin/domain';
import { Random } from './random.js';

/** What will happen, drawn from the seed before anything does: the same seed and unit give the same script. */
export interface Script {
  readonly intrusion: AlertItem;
  readonly ignored: AlertItem;
  readonly fleeting: AlertItem;
  readonly technical: AlertItem;
  readonly lows: readonly AlertItem[];
  readonly call: {
    readonly site: string;
    readonly category: string;
    readonly severity: string;
    readonly title: string;
  };
  /** Seconds by which people are slower than the script's own times. */
  readonly delayS: (nth: number) => number;
}

const intrusions = [
  'Fence cut, two persons inside',
  'Gate forced open',
  'Glass break, ground floor',
  'Motion after hours',
];
const panics = ['Panic button pressed', 'Panic button, second press within a minute'];
const fleeting = ['Door opened and shut', 'Door held, then closed', 'Beam interrupted for a moment'];
const technicals = ['Mains power lost, on battery', 'Generator low on fuel', 'Recorder disk almost full'];
const lows = ['Vibration at the fence', 'Camera moved by wind', 'Lid contact opened', 'Weak signal of a detector'];
const calls = [
  { category: 'medical', severity: 'critical', title: 'Guest fainted, ambulance called' },
  { category: 'intrusion', severity: 'high', title: 'Caller reports a stranger at the back door' },
  { category: 'fire', severity: 'critical', title: 'Smoke seen from the kitchen' },
];

/** @param sites at least five, so that the threads of the story do not run into one another. */
export function writeScript(seed: number, sites: readonly SiteView[]): Script {
  if (sites.length < 5) throw new RangeError('the demo needs a unit with five sites');
  const random = new Random(seed);
  const [first, second, third, fourth, fifth, ...others] = random.shuffled(
    [...sites].sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  const alarm = (site: SiteView | undefined, fields: Omit<AlertItem, 'key' | 'site' | 'zone'>): AlertItem => {
    const zone = site === undefined || site.zones.length === 0 ? undefined : random.pick(site.zones).id;
    return {
      key: `demo/${site?.id}/${zone ?? 'site'}/${fields.category}`,
      site: site?.id,
      zone,
      labels: { demo: String(seed) },
      ...fields,
    };
  };
  const delays = Array.from({ length: 32 }, () => random.between(0, 1.5));
  return {
    intrusion: alarm(first, { category: 'intrusion', severity: 'high', title: random.pick(intrusions) }),
    ignored: alarm(second, { category: 'panic', severity: 'critical', title: random.pick(panics) }),
    fleeting: alarm(third, { category: 'intrusion', severity: 'high', title: random.pick(fleeting) }),
    technical: alarm(fourth, { category: 'technical', severity: 'medium', title: random.pick(technicals) }),
    call: { site: fifth?.id as string, ...random.pick(calls) },
    lows: Array.from({ length: 60 }, () => {
      const site = random.pick(others.length === 0 ? sites : others);
      return alarm(site, { category: 'tamper', severity: 'low', title: random.pick(lows) });
    }),
    delayS: (nth) => delays[nth % delays.length] as number,
  };
}
