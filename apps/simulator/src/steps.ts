import type { IncidentView } from '@tocsin/contracts';
import type { AlertItem } from '@tocsin/domain';
import type { PersonDoor } from './doors.js';
import type { Scene } from './scene.js';

/** The steps that stories are made of. Each goes through the doors that everybody uses, says what it did, and returns what came of it. */

/** A panel fires; returns the incident that the alarm opened or joined. */
export async function raise(scene: Scene, alarm: AlertItem): Promise<IncidentView> {
  const [answer] = await scene.intake.send([alarm]);
  const where = scene.place(alarm.site ?? null, alarm.zone);
  scene.say(`ALARM ${alarm.severity} at ${where}: ${alarm.title} (${answer?.status})`);
  return incidentOf(scene, answer?.id ?? '');
}

/** The incident of an alert, as soon as it is merged. */
export async function incidentOf(scene: Scene, alertId: string): Promise<IncidentView> {
  const ask = async () => (await scene.intake.alert(alertId)).incidentId ?? undefined;
  const id = await scene.until(`the incident of alert ${alertId}`, ask, 10);
  return (await scene.cast.with('operator')).incident(id);
}

/** The panel says that it is over. */
export async function restore(scene: Scene, keys: readonly string[]): Promise<void> {
  const answers = await scene.intake.send(keys.map((key) => ({ key, status: 'resolved' as const })));
  scene.say(
    `RESTORE of ${keys.length === 1 ? keys[0] : `${keys.length} alarms`} (${counts(answers.map(({ status }) => status))})`,
  );
}

/** A person acts on an incident. Undefined when it is no legal move any more. */
export async function act(
  scene: Scene,
  who: PersonDoor,
  on: { incident: IncidentView; act: string; body?: object; words?: string },
): Promise<IncidentView | undefined> {
  const words = `${who.user.name.en} ${on.words ?? wordsOf[on.act] ?? on.act} ${on.incident.number}`;
  const after = await scene.attempt(words, () => who.act(on.incident.id, on.act, on.body));
  if (after !== undefined) scene.say(words);
  return after;
}
const wordsOf: Readonly<Record<string, string>> = {
  acknowledge: 'acknowledges',
  take: 'takes',
  dispatch: 'dispatches to',
  accept: 'accepts',
  decline: 'declines',
  'en-route': 'is en route to',
  'on-scene': 'is on scene at',
  clear: 'is clear of',
  note: 'writes to',
  resolve: 'resolves',
  close: 'closes',
  escalate: 'escalates',
};

/** Sends a team (without one: who is on duty of the routed team); returns the people who were assigned. */
export async function dispatch(
  scene: Scene,
  who: PersonDoor,
  incident: IncidentView,
  teams?: readonly string[],
): Promise<PersonDoor[]> {
  const words = `dispatches ${teams?.join(', ') ?? incident.team ?? 'the routed team'} to`;
  const after = await act(scene, who, { incident, act: 'dispatch', body: teams === undefined ? {} : { teams }, words });
  const assigned = (after?.assignments ?? []).filter(({ state }) => state === 'notified');
  const people = await Promise.all(assigned.map(({ person }) => scene.cast.person(person)));
  return people.filter((person) => person !== null);
}

/** One responder's way: accept, en route, on scene, clear, each at its second of the story. */
export async function respond(
  scene: Scene,
  who: PersonDoor,
  on: { incident: IncidentView; acceptS: number; enRouteS: number; onSceneS: number; clearS: number; report?: string },
): Promise<void> {
  const moves = [
    ['accept', on.acceptS],
    ['en-route', on.enRouteS],
    ['on-scene', on.onSceneS],
    ['clear', on.clearS],
  ] as const;
  for (const [move, second] of moves) {
    await scene.at(second);
    await act(scene, who, { incident: on.incident, act: move });
    if (move === 'on-scene' && on.report !== undefined) {
      await act(scene, who, {
        incident: on.incident,
        act: 'note',
        body: { text: on.report },
        words: `reports "${on.report}" on`,
      });
    }
  }
}

/** Waits for a step of the escalation; says whom it paged and how late it was, and returns those of them who play. */
export async function watchStep(
  scene: Scene,
  incident: IncidentView,
  step: number,
  withinS: number,
): Promise<PersonDoor[]> {
  const watcher = await scene.cast.with('operator');
  const ask = async () =>
    (await watcher.events(incident.id)).find(
      (event) => event.type === 'escalation.step' && event.data?.['step'] === step,
    );
  const event = await scene.until(`step ${step} of ${incident.number}`, ask, withinS);
  const late = Date.parse(event.at) - Date.parse(String(event.data?.['dueAt']));
  const targets = (event.data?.['targets'] ?? []) as { kind: string; id: string }[];
  const people = await Promise.all(targets.map(({ id }) => scene.cast.person(id)));
  const names = people.map((person, index) => person?.user.name.en ?? targets[index]?.id);
  scene.say(
    `ESCALATION ${incident.number} step ${step}: ${names.join(', ') || 'nobody'} paged, ${late} ms after it was due`,
  );
  return people.filter((person) => person !== null);
}

/** Many signals in few requests, some of them repeats; returns the answers. */
export async function flood(
  scene: Scene,
  alarms: readonly AlertItem[],
  perRequest: number,
  everyS: number,
): Promise<readonly { id: string | null; key: string; status: string }[]> {
  const answers: { id: string | null; key: string; status: string }[] = [];
  const startS = scene.now;
  for (let from = 0; from < alarms.length; from += perRequest) {
    await scene.at(startS + (from / perRequest) * everyS);
    answers.push(...(await scene.intake.send(alarms.slice(from, from + perRequest))));
  }
  scene.say(`FLOOD of ${answers.length} signals (${counts(answers.map(({ status }) => status))})`);
  return answers;
}

/** A phone or radio call: an incident by hand. */
export async function openByHand(
  scene: Scene,
  who: PersonDoor,
  call: { site: string; category: string; severity: string; title: string },
): Promise<IncidentView> {
  const incident = await who.open(call);
  scene.say(
    `CALL: ${who.user.name.en} opens ${incident.number} (${call.severity}) at ${scene.place(call.site)}: ${call.title}`,
  );
  return incident;
}

/** "41 accepted, 19 duplicate". */
function counts(words: readonly string[]): string {
  const found = new Map<string, number>();
  for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
  return [...found].map(([word, count]) => `${count} ${word}`).join(', ');
}
