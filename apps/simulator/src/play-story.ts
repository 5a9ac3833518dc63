import type { IncidentView } from '@tocsin/contracts';
import { Cast, type FirstRun } from './cast.js';
import type { Thread } from './demo-story.js';
import { IntakeDoor } from './doors.js';
import { Scene } from './scene.js';
import { writeScript } from './script.js';
import { act } from './steps.js';

export interface Play {
  readonly firstRun: FirstRun;
  readonly seed: number;
  readonly speed: number;
  /** Gets each line with its time in front. */
  readonly print: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Plays the threads of a story side by side on a running system and leaves no incident open behind. Throws when a door
 * does not answer as it should; a thread that fails lets the others end first.
 */
export async function playStory(
  threads: readonly Thread[],
  { firstRun, seed, speed, print, signal }: Play,
): Promise<void> {
  const source = firstRun.sources.find(({ protocol }) => protocol === 'http');
  if (source === undefined) throw new Error('first-run.json has no source of protocol http');
  const cast = new Cast(firstRun);
  const operator = await cast.with('operator');
  const sites = await operator.sites();
  const zone = sites[0]?.timeZone ?? 'UTC';
  const say = (line: string): void => print(`${clock(zone)}  ${line}`);
  say(`Story ${seed} begins: watch it at ${firstRun.console} as ${operator.user.username}.`);
  const scene = new Scene({ intake: new IntakeDoor(firstRun.intake, source.token), cast, sites, say, speed, signal });
  const script = writeScript(seed, sites);
  const ends = await Promise.allSettled(threads.map((thread) => thread(scene, script)));
  const incidents = ends.flatMap((end) => (end.status === 'fulfilled' ? end.value : []));
  await closeAll(scene, incidents);
  await cast.signOut();
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  say(
    `Story ${seed} ends after ${Math.round(scene.now / speed)} s: ${incidents.length} incidents, all of them closed.`,
  );
}

/** The next play opens new ones: an alarm reopens what was resolved under ten minutes ago, and nothing that is closed. */
async function closeAll(scene: Scene, incidents: readonly IncidentView[]): Promise<void> {
  const commander = await scene.cast.with('commander');
  for (const incident of incidents) {
    const { state } = await commander.incident(incident.id);
    if (state === 'resolved') await act(scene, commander, { incident, act: 'close' });
  }
}

const clock = (timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date());
