import type { Incident, LiveEvent } from '../src/wire.js';

/** A row for specs: what is not said is plain. */
export function row(part: Partial<Incident> = {}): Incident {
  return {
    id: 'a',
    number: '26-00001',
    seq: 1,
    class: 'alarm',
    category: 'intrusion',
    reality: 'actual',
    state: 'open',
    condition: 'active',
    severity: 'high',
    site: 'site-01',
    zone: null,
    team: 'qrf-1',
    title: 'Door forced',
    owner: null,
    version: 1,
    openedAt: '2026-10-16T21:00:00.000000Z',
    alertCount: 1,
    escalation: null,
    ...part,
  };
}

export function event(part: Partial<LiveEvent> & { readonly seq: number }): LiveEvent {
  const stream = part.stream ?? 'a';
  return {
    incidentId: stream,
    stream,
    type: 'note.added',
    at: '2026-10-16T21:00:01.000000Z',
    actor: { kind: 'person', id: 'khan', name: null },
    data: {},
    reason: null,
    ...part,
  };
}
