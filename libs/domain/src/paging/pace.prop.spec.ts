import fc from 'fast-check';
import { T0 } from '../../test/example-unit.js';
import type { Instant, Pager, Severity, Waiting } from '../index.js';
import { giveBack, MINUTE, pace, paceLimits, SECOND, severities } from '../index.js';

const blank: Pager = { sentAt: [], lastCriticalAt: null };

interface Sent {
  readonly at: Instant;
  readonly carried: readonly Waiting[];
}

/** A person's phone in a storm: pages arrive, the notifier looks whenever `pace` told it to. */
function storm(arrivals: readonly Waiting[], minutes: number): Sent[] {
  const sent: Sent[] = [];
  let pager = blank;
  let waiting: Waiting[] = [];
  const queue = [...arrivals].sort((a, b) => a.dueAt - b.dueAt);
  for (let now = T0; now < T0 + minutes * MINUTE; ) {
    while (queue[0] !== undefined && queue[0].dueAt <= now) waiting.push(queue.shift() as Waiting);
    const paced = pace(waiting, pager, now);
    if (paced.chosen.length > 0) {
      const chosen = new Set(paced.chosen);
      sent.push({ at: now, carried: waiting.filter(({ id }) => chosen.has(id)) });
      waiting = waiting.filter(({ id }) => !chosen.has(id));
      pager = paced.pager;
    } else if (waiting.length > 0) {
      expect(paced.nextAt).toBeGreaterThan(now);
    }
    const next = Math.min(waiting.length > 0 ? paced.nextAt : Infinity, queue[0]?.dueAt ?? Infinity);
    if (next === Infinity) break;
    now = Math.max(next, now + 1);
  }
  return sent;
}

const arrivals = fc
  .array(fc.record({ severity: fc.constantFrom<Severity>(...severities), afterS: fc.nat(1800) }), {
    minLength: 1,
    maxLength: 300,
  })
  .map((list) =>
    list.map(({ severity, afterS }, i): Waiting => ({ id: `n-${i}`, severity, dueAt: T0 + afterS * SECOND })),
  );

it('in any storm: 12 deliveries in 10 min, criticals named within 30 s and beyond the 12 once in 30 s, nobody forgotten', () => {
  fc.assert(
    fc.property(arrivals, (list) => {
      const sent = storm(list, 60);
      const carried = sent.flatMap((delivery) => delivery.carried.map(({ id }) => id));
      expect([...carried].sort()).toEqual(list.map(({ id }) => id).sort());
      const isCritical = ({ severity }: Waiting): boolean => severity === 'critical';
      for (const { at, carried: names } of sent) {
        for (const one of names) if (isCritical(one)) expect(at - one.dueAt).toBeLessThanOrEqual(30 * SECOND);
        const within = sent.filter((other) => other.at > at - paceLimits.window && other.at <= at);
        expect(within.filter((other) => !other.carried.some(isCritical)).length).toBeLessThanOrEqual(
          paceLimits.deliveries,
        );
        expect(within.length).toBeLessThanOrEqual(paceLimits.deliveries + paceLimits.window / paceLimits.criticalEvery);
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);

describe('stories', () => {
  const full: Pager = { sentAt: Array.from({ length: 12 }, (_, i) => T0 + i * SECOND), lastCriticalAt: null };
  const now = T0 + MINUTE;
  const high: Waiting = { id: 'h', severity: 'high', dueAt: T0 };
  const critical: Waiting = { id: 'c', severity: 'critical', dueAt: T0 + SECOND };

  it('within the limit everything goes at once, criticals first', () => {
    expect(pace([high, critical], blank, now)).toMatchObject({
      chosen: ['c', 'h'],
      pager: { sentAt: [now] },
      reason: { code: 'pace-free' },
    });
  });

  it('beyond it high and lower gather until a slot is free', () => {
    expect(pace([high], full, now)).toMatchObject({
      chosen: [],
      nextAt: T0 + 10 * MINUTE,
      reason: { code: 'pace-wait' },
    });
    expect(pace([high], full, T0 + 10 * MINUTE).chosen).toEqual(['h']);
  });

  it('beyond it a critical goes, the others ride with it, the next waits 30 s', () => {
    const first = pace([high, critical], full, now);
    expect(first).toMatchObject({
      chosen: ['c', 'h'],
      pager: { lastCriticalAt: now },
      reason: { code: 'pace-critical' },
    });
    expect(pace([critical], first.pager, now + SECOND)).toMatchObject({ chosen: [], nextAt: now + 30 * SECOND });
    expect(pace([critical], first.pager, now + 30 * SECOND).chosen).toEqual(['c']);
  });

  it('an abandoned delivery gives back exactly what it took', () => {
    expect(giveBack(pace([high], blank, now).pager, now)).toEqual(blank);
    expect(giveBack(pace([critical], full, now).pager, now)).toEqual(full);
    expect(giveBack(full, now)).toBe(full);
  });

  it("marks that lie in the future hold nobody back: the database's clock was put back", () => {
    const ahead: Pager = { sentAt: full.sentAt.map((at) => at + 60 * MINUTE), lastCriticalAt: now + 60 * MINUTE };
    expect(pace([high], ahead, now).chosen).toEqual(['h']);
    const spent = { ...full, lastCriticalAt: now + 60 * MINUTE };
    expect(pace([critical], spent, now).chosen).toEqual(['c']);
  });

  it('nothing waiting is an answer', () => {
    expect(pace([], blank, now)).toMatchObject({ chosen: [], reason: { code: 'pace-nothing' } });
  });
});
