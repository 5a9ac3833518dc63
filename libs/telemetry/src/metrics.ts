import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds. From a 1 ms transaction to a page that took half a minute. */
export const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30];

/**
 * The process's metrics. A name is given once and is prefixed with `tocsin_`; asking for it again with the same
 * name returns the same metric, so that a library need not know whether another one was first.
 */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string = never>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  gauge<L extends string = never>(name: string, help: string, labels?: readonly L[]): Gauge<L>;
  /** Observations are seconds unless `buckets` says otherwise. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labels?: readonly L[],
    buckets?: readonly number[],
  ): Histogram<L>;
}

/** `processMetrics: false` leaves out node's own figures (memory, event loop, garbage collection): for tests. */
export function createMetrics(app: string, options: { processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  if (options.processMetrics !== false) collectDefaultMetrics({ register: registry });
  const once = <M>(name: string, make: (fullName: string) => M): M => {
    const fullName = `tocsin_${name}`;
    return (registry.getSingleMetric(fullName) as M | undefined) ?? make(fullName);
  };
  const registers = [registry];
  return {
    registry,
    counter: (name, help, labels = []) =>
      once(name, (fullName) => new Counter({ name: fullName, help, labelNames: [...labels], registers })),
    gauge: (name, help, labels = []) =>
      once(name, (fullName) => new Gauge({ name: fullName, help, labelNames: [...labels], registers })),
    histogram: (name, help, labels = [], buckets = secondsBuckets) =>
      once(
        name,
        (fullName) =>
          new Histogram({ name: fullName, help, labelNames: [...labels], buckets: [...buckets], registers }),
      ),
  };
}
