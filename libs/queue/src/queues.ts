/**
 * The queue port. A queue carries identities and makes things fast; whatever it loses, the sweepers find in
 * PostgreSQL. Hence: adding never throws, never waits for the caller and gives up after a second.
 */
export interface Queues {
  /** False without Redis or while it is away: the sweepers then take waiting rows at once. */
  readonly connected: boolean;
  /** Fire and forget: identities in jobs of at most 100. Dropped silently (and counted) when Redis is away. */
  add(queue: string, ids: readonly string[]): void;
  consume(options: ConsumeOptions): Consumer;
  close(): Promise<void>;
}

export interface ConsumeOptions {
  readonly queue: string;
  /** Jobs taken at once; the handler gathers them into batches itself. */
  readonly concurrency: number;
  /** A rejection is logged; the rows stay waiting in PostgreSQL and the job is dropped. */
  readonly handle: (ids: readonly string[]) => Promise<void>;
}

export interface Consumer {
  readonly queue: string;
  /** Handled jobs since start: the watchdog compares it with what the sweeper had to take. */
  readonly handled: number;
  /** Drops the worker and makes a new one on fresh connections. */
  rebuild(why: string): Promise<void>;
  close(): Promise<void>;
}

export interface QueueLog {
  info(name: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(name: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** No Redis: nothing is carried, the sweepers do all the work. */
export class NoQueues implements Queues {
  readonly connected = false;

  add(): void {}

  consume({ queue }: ConsumeOptions): Consumer {
    return { queue, handled: 0, rebuild: async () => {}, close: async () => {} };
  }

  async close(): Promise<void> {}
}
