import type { Metrics } from '@tocsin/telemetry';

export type LaneMetrics = ReturnType<typeof pageMetrics>;

export function pageMetrics(metrics: Metrics) {
  return {
    attempts: metrics.counter('page_attempts_total', 'Attempts to deliver pages', ['channel', 'lane', 'outcome']),
    abandoned: metrics.counter(
      'page_abandoned_total',
      'Deliveries given back because too much time had passed since the choice',
      ['channel', 'lane'],
    ),
    inFlight: metrics.gauge('page_calls', 'Calls under way', ['channel', 'lane']),
    waited: metrics.histogram('page_waited_seconds', 'From the time a page was due to its first attempt', [
      'channel',
      'lane',
    ]),
  };
}
