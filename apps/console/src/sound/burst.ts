export type Level = 'high' | 'medium' | 'low' | 'system';
export interface Pulse {
  /** Seconds after the start. */
  readonly at: number;
  readonly length: number;
  readonly hz: number;
}

/**
 * The pulses of a burst: high ten in 3+2 twice, medium three, low one, our own faults a pair of their own (after
 * IEC 60601-1-8). No continuous tone, and not the three-beat evacuation pattern of ISO 8201.
 */
export function burstPlan(level: Level): readonly Pulse[] {
  switch (level) {
    case 'high':
      return [...five(0), ...five(1.6)];
    case 'medium':
      return [0, 0.35, 0.7].map((at) => ({ at, length: 0.2, hz: 520 }));
    case 'low':
      return [{ at: 0, length: 0.25, hz: 390 }];
    case 'system':
      return [
        { at: 0, length: 0.3, hz: 330 },
        { at: 0.4, length: 0.3, hz: 220 },
      ];
  }
}
const five = (from: number): readonly Pulse[] =>
  [0, 0.2, 0.4, 0.75, 0.95].map((at) => ({ at: from + at, length: 0.15, hz: 660 }));
