import { silentLogger } from '@tocsin/telemetry';
import { HeldIncidents } from './held-incidents.js';

describe('incidents that somebody holds', () => {
  const merged: string[] = [];
  let letGo: () => void = () => undefined;
  const held = new HeldIncidents(async (incident, ids) => {
    await new Promise<void>((resolve) => (letGo = resolve));
    merged.push(`${incident}: ${ids.join(' ')}`);
  }, silentLogger);
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('have their turn one after the other, with all of their alerts that were found meanwhile', async () => {
    held.add(new Map([['hall', ['a']]]));
    held.begin();
    held.add(new Map([['gate', ['b', 'c']]]));
    held.add(new Map([['gate', ['c', 'd']]]));
    held.begin();
    expect(held.queued).toEqual(['b', 'c', 'd']);
    letGo();
    await turn();
    expect(merged).toEqual(['hall: a']);
    expect([...held.incidents]).toEqual(['gate']);
    letGo();
    await turn();
    expect(merged).toEqual(['hall: a', 'gate: b c d']);
    expect(held.queued).toEqual([]);
  });
});
