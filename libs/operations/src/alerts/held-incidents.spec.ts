import { silentLogger } from '@tocsin/telemetry';
import { HeldIncidents, heldAtOnce } from './held-incidents.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Incidents that somebody holds until `letGo`; what was merged when each had its turn. */
function line() {
  const waiting = new Map<string, (error?: Error) => void>();
  const merged: string[] = [];
  const held = new HeldIncidents(async (incident, ids) => {
    await new Promise<void>((resolve, reject) =>
      waiting.set(incident, (error) => (error === undefined ? resolve() : reject(error))),
    );
    merged.push(`${incident}: ${ids().join(' ')}`);
    return new Map();
  }, silentLogger);
  const letGo = async (incident: string, error?: Error): Promise<void> => {
    waiting.get(incident)?.(error);
    await turn();
  };
  return { held, merged, letGo };
}

it('what is found while its incident is waited for takes part in the same turn', async () => {
  const { held, merged, letGo } = line();
  held.add(new Map([['hall', ['a']]]), 1);
  held.begin();
  held.add(new Map([['hall', ['b', 'a']]]), 1);
  held.add(new Map([['hall', ['c']]]), 1);
  expect(held.alerts).toEqual(['a', 'b', 'c']);
  await letGo('hall');
  expect(merged).toEqual(['hall: a b c']);
  expect(held.alerts).toEqual([]);
});

it('so many are waited for at once, the others in line, each with all that was found of it', async () => {
  const { held, merged, letGo } = line();
  const first = Array.from({ length: heldAtOnce }, (_, n) => `hall-${n}`);
  held.add(new Map(first.map((incident) => [incident, ['x']])), 1);
  held.add(new Map([['gate', ['b', 'c']]]), 1);
  held.begin();
  held.add(new Map([['gate', ['c', 'd']]]), 1);
  held.begin();
  expect([...held.incidents]).toEqual(first);
  // Those in line may turn out to be free at any moment: a sweep goes on looking for them.
  expect(held.alerts).not.toContain('b');
  expect(held.queued).toEqual([...first.map(() => 'x'), 'b', 'c', 'd']);
  await letGo('hall-1');
  expect([...held.incidents]).toEqual([...first.filter((one) => one !== 'hall-1'), 'gate']);
  await letGo('gate');
  expect(merged).toEqual(['hall-1: x', 'gate: b c d']);
});

it('a turn that fails leaves its alerts to their rows, and the line goes on', async () => {
  const { held, merged, letGo } = line();
  held.add(new Map([['hall', ['a']]]), 1);
  held.begin();
  await letGo('hall', new Error('no'));
  expect(held.queued).toEqual([]);
  held.add(new Map([['hall', ['a']]]), 1);
  held.begin();
  await letGo('hall');
  expect(merged).toEqual(['hall: a']);
});

it('the most urgent incident has its turn first, and in it the most urgent alerts', async () => {
  const { held, merged, letGo } = line();
  held.add(new Map(Array.from({ length: heldAtOnce }, (_, n) => [`hall-${n}`, ['x']])), 0);
  held.begin();
  held.add(new Map([['quiet', ['q']]]), 3);
  held.add(new Map([['gate', ['low']]]), 3);
  held.add(new Map([['gate', ['critical']]]), 0);
  await letGo('hall-0');
  await letGo('gate');
  expect(merged).toEqual(['hall-0: x', 'gate: critical low']);
});
