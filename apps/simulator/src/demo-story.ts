import type { IncidentView } from '@tocsin/contracts';
import type { Scene } from './scene.js';
import type { Script } from './script.js';
import { act, dispatch, flood, incidentOf, openByHand, raise, respond, restore, watchStep } from './steps.js';

/** One thread of a story; threads run side by side. Resolves to the incidents that it leaves behind. */
export type Thread = (scene: Scene, script: Script) => Promise<readonly IncidentView[]>;

/** Two minutes in the life of a unit. Seconds are the story's. */
export const demoStory: readonly Thread[] = [
  intrusion,
  ignoredPage,
  doorThatShut,
  powerFailure,
  floodOfLows,
  phoneCall,
];

/** The whole way: taken, dispatched, accepted, en route, on scene, clear, resolved. */
async function intrusion(scene: Scene, script: Script): Promise<readonly IncidentView[]> {
  await scene.at(2 + script.delayS(0));
  const incident = await raise(scene, script.intrusion);
  const operator = await scene.cast.with('operator', 0);
  await scene.at(9 + script.delayS(1));
  await act(scene, operator, { incident, act: 'take' });
  await scene.at(13 + script.delayS(2));
  const sent = await dispatch(scene, operator, incident);
  const times = {
    acceptS: 18 + script.delayS(3),
    enRouteS: 23,
    onSceneS: 48 + script.delayS(4),
    clearS: 78 + script.delayS(5),
  };
  await Promise.all(
    sent.map((who) => respond(scene, who, { incident, ...times, report: 'Two persons held, police informed' })),
  );
  await restore(scene, [script.intrusion.key]);
  await scene.at(86 + script.delayS(6));
  await act(scene, operator, { incident, act: 'resolve', body: { disposition: 'true' } });
  return [incident];
}

/** Nobody answers: the ladder climbs to the neighbours at 30 s and to the commander at 90 s, who acts. */
async function ignoredPage(scene: Scene, script: Script): Promise<readonly IncidentView[]> {
  await scene.at(6 + script.delayS(7));
  const incident = await raise(scene, script.ignored);
  await watchStep(scene, incident, 1, 10);
  scene.say(`Nobody answers ${incident.number}.`);
  await watchStep(scene, incident, 2, 45);
  const [paged] = await watchStep(scene, incident, 3, 75);
  const commander = paged ?? (await scene.cast.with('commander'));
  await act(scene, commander, { incident, act: 'take' });
  const sent = await dispatch(scene, commander, incident, ['mobile-reserve']);
  const [first, second, ...others] = sent;
  if (second !== undefined) await act(scene, second, { incident, act: 'decline', body: { why: 'Tyre burst' } });
  const from = scene.now;
  const times = { acceptS: from + 1, enRouteS: from + 2, onSceneS: from + 7 + script.delayS(8), clearS: from + 11 };
  await Promise.all(
    [first, ...others]
      .filter((who) => who !== undefined)
      .map((who) => respond(scene, who, { incident, ...times, report: 'Pressed by mistake' })),
  );
  await act(scene, commander, { incident, act: 'resolve', body: { disposition: 'false' } });
  return [incident];
}

/** Back to normal after two seconds, and paging all the same until somebody has looked. */
async function doorThatShut(scene: Scene, script: Script): Promise<readonly IncidentView[]> {
  await scene.at(15 + script.delayS(9));
  const incident = await raise(scene, script.fleeting);
  await scene.at(17 + script.delayS(9));
  await restore(scene, [script.fleeting.key]);
  const operator = await scene.cast.with('operator', 1);
  const isNormal = async () => ((await operator.incident(incident.id)).condition === 'normal' ? true : undefined);
  await scene.until(`${incident.number} to be normal`, isNormal, 10);
  scene.say(`${incident.number} has returned to normal, untaken: it pages until somebody looks`);
  await scene.at(40 + script.delayS(10));
  await act(scene, operator, { incident, act: 'acknowledge' });
  await scene.at(46 + script.delayS(11));
  await act(scene, operator, { incident, act: 'resolve', body: { disposition: 'false' } });
  return [incident];
}

/** A technical fault resolves itself with its cause. */
async function powerFailure(scene: Scene, script: Script): Promise<readonly IncidentView[]> {
  await scene.at(24 + script.delayS(12));
  const incident = await raise(scene, script.technical);
  await scene.at(58 + script.delayS(13));
  await restore(scene, [script.technical.key]);
  const watcher = await scene.cast.with('operator');
  const isResolved = async () => ((await watcher.incident(incident.id)).state === 'resolved' ? true : undefined);
  await scene.until(`${incident.number} to resolve itself`, isResolved, 10);
  scene.say(`${incident.number} resolved itself`);
  return [incident];
}

/** Sixty lows in twelve seconds become a handful of incidents. */
async function floodOfLows(scene: Scene, script: Script): Promise<readonly IncidentView[]> {
  await scene.at(28);
  const answers = await flood(scene, script.lows, 5, 1);
  const alerts = [...new Set(answers.flatMap(({ id }) => id ?? []))];
  const opened = await Promise.all(alerts.map((id) => incidentOf(scene, id)));
  const incidents = [...new Map(opened.map((incident) => [incident.id, incident])).values()];
  scene.say(`${answers.length} signals are ${alerts.length} alerts in ${incidents.length} incidents`);
  await scene.at(70 + script.delayS(14));
  await restore(scene, [...new Set(script.lows.map(({ key }) => key))]);
  const operator = await scene.cast.with('operator', 2);
  await scene.at(90 + script.delayS(15));
  for (const incident of incidents)
    await act(scene, operator, { incident, act: 'resolve', body: { disposition: 'unknown' } });
  return incidents;
}

async function phoneCall(scene: Scene, script: Script): Promise<readonly IncidentView[]> {
  const operator = await scene.cast.with('operator', 1);
  await scene.at(61 + script.delayS(16));
  const incident = await openByHand(scene, operator, script.call);
  await scene.at(64 + script.delayS(17));
  await act(scene, operator, { incident, act: 'take' });
  await scene.at(67);
  const sent = await dispatch(scene, operator, await operator.incident(incident.id));
  const times = {
    acceptS: 71 + script.delayS(18),
    enRouteS: 75,
    onSceneS: 92 + script.delayS(19),
    clearS: 105 + script.delayS(20),
  };
  await Promise.all(sent.map((who) => respond(scene, who, { incident, ...times })));
  await act(scene, operator, { incident, act: 'resolve', body: { disposition: 'true' } });
  return [incident];
}
