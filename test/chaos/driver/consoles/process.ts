import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Replica } from '../../dumps/shapes';
import { Recorder } from '../../history/recorder';
import { serve } from '../child';
import { type SignedIn, signIn } from '../sign-in';
import { noteCanaries } from './canaries-seen';
import { Console } from './console';
import { type Convergence, converge, type Watched } from './convergence';
import type { ConsolesOptions, ConsolesStatus } from './index';
import type { Applied } from './replica';
import { apiIncidentOf } from './wire';

type Within = Pick<Convergence, 'since' | 'maxMs'>;

interface Seat extends Watched {
  readonly name: string;
  readonly console: Console;
  readonly canaries: Set<string>;
}

const seatsAtOnce = 25;
const seatsEveryMs = 250;
const watchers = ['operator', 'commander', 'reviewer'];
const seats: Seat[] = [];
const counts = { snapshots: 0, disconnects: 0, events: 0, holes: 0 };
let recorder: Recorder;
let gateway = '';
let sitDown: (index: number) => void = () => undefined;

serve({
  open: async (options: ConsolesOptions) => {
    const { run, folder, scene, firstRun, count, observed = 2 } = options;
    gateway = options.gateway;
    recorder = new Recorder({ run, rec: 'consoles', file: join(folder, 'history', 'consoles.ndjson') });
    const people = scene.people.filter(({ role }) => watchers.includes(role));
    const signedIn = await Promise.all(people.map((person) => signIn(gateway, firstRun, person)));
    // One sight of the whole unit and one of a group come first: they are the observed.
    const wide = signedIn.filter(({ person }) => person.scope === null);
    const narrow = signedIn.filter(({ person }) => person.scope !== null);
    sitDown = (index) => {
      const from = index % 2 === 0 ? wide : narrow;
      const who = from[Math.floor(index / 2) % from.length];
      if (who !== undefined) seats.push(seat(`console-${index + 1}`, who, index < observed));
    };
    await fill(count);
  },
  seat: fill,
  status: (): ConsolesStatus => ({
    ...counts,
    consoles: seats.length,
    live: seats.filter(({ console }) => console.isLive).length,
  }),
  converge: (within: Within) => converged({ ...within, gateway }),
  rejoin: async (within: Within) => {
    const teller = seats.find(({ who }) => who.person.scope === null)?.who;
    if (teller === undefined) throw new Error('none of these consoles sees all');
    const all = await converged({ ...within, gateway, teller });
    for (const { name, convergedMs: ms } of seats) recorder.write({ f: 'converged', ph: 'ok', console: name, ms });
    return all;
  },
  replicas: (): Replica[] => seats.map(replicaOf),
  close: () => {
    for (const { console } of seats) console.close();
    recorder.close();
  },
});

async function fill(count: number): Promise<void> {
  for (const { console } of seats.splice(count)) console.close();
  for (let index = seats.length; index < count; index += 1) {
    // A shift does not sit down all at once; a snapshot takes a gateway tens of ms.
    if (index > 0 && index % seatsAtOnce === 0) await wait(seatsEveryMs);
    sitDown(index);
  }
}

async function converged(how: Convergence): Promise<(number | null)[]> {
  await converge(seats, how);
  return seats.map(({ convergedMs }) => convergedMs);
}

function seat(name: string, who: SignedIn, isObserved: boolean): Seat {
  const canaries = new Set<string>();
  const console = new Console({
    gateway,
    token: who.token,
    onFrame: (frame) => noteCanaries(frame, canaries),
    onApplied: (applied) => observe(name, applied, isObserved),
    onChange: (what) => {
      if (what === 'snapshot') counts.snapshots += 1;
      if (what === 'disconnected') counts.disconnects += 1;
      recorder.write({ f: 'obs', ph: 'ok', console: name, what });
    },
  });
  return {
    name,
    who,
    console,
    canaries,
    replica: console.replica,
    convergedMs: null,
    get isLive() {
      return console.isLive;
    },
  };
}

function observe(console: string, applied: readonly Applied[], isObserved: boolean): void {
  counts.events += applied.length;
  for (const { event, after, hole } of applied) {
    if (hole) counts.holes += 1;
    if (event.incidentId === null || !(isObserved || hole)) continue;
    const { incidentId: incident, seq, type, data } = event;
    const key = type === 'alert.accepted' ? { key: String(data?.['key']) } : {};
    const held = after === undefined ? {} : { after };
    const what = { what: 'event', incident, seq, type, ...held, ...key, ...(hole ? { hole } : {}) } as const;
    recorder.write({ f: 'obs', ph: 'ok', console, ...what });
  }
}

function replicaOf({ name, who, replica, convergedMs, canaries }: Seat): Replica {
  return {
    console: name,
    scope: who.person.scope,
    cursor: replica.cursor ?? '',
    takenAt: Date.now(),
    incidents: Object.fromEntries([...replica.incidents].map(([id, incident]) => [id, apiIncidentOf(incident)])),
    convergedMs,
    canaries: [...canaries],
  };
}
