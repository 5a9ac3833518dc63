import { type Logger, silentLogger } from '@tocsin/telemetry';
import { Redis } from 'ioredis';

/** The hash tag keeps it on one node of a cluster, as all our keys. */
const channel = '{tocsin}:tick';
const connection = {
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  connectTimeout: 2_000,
  commandTimeout: 1_000,
  keepAlive: 5_000,
  // A Redis that hangs does not close its end either: until then the connection would count as ready.
  disconnectTimeout: 50,
  // ioredis backs off to 20 s by default; the listeners would wait for their half second all that time.
  retryStrategy: (times: number): number => Math.min(50 * times, 500),
} as const;

/**
 * "Something was committed": a tick without content, so that nothing forged in Redis can reach a console. Law: a lost
 * tick costs its hearers half a second and nothing else. Never throws, never waits.
 */
export interface Ticks {
  /** False without Redis or while it is away. */
  readonly connected: boolean;
  /** Tells this process at once and the others over Redis; calls of one turn of the event loop become one message. */
  tick(): void;
  /** @returns a function that stops listening. */
  onTick(listener: () => void): () => void;
  close(): Promise<void>;
}

export function openTicks(
  redisUrl: string | null,
  log: Logger = silentLogger,
  { gatherMs = 0 }: TicksOptions = {},
): Ticks {
  return redisUrl === null ? new LocalTicks(gatherMs) : new RedisTicks(redisUrl, log, gatherMs);
}

export interface TicksOptions {
  /** Ticks of so many milliseconds become one (default: those of one turn): for news that can wait. */
  readonly gatherMs?: number;
}

/** No Redis: only this process hears itself, the others look every half second. */
export class LocalTicks implements Ticks {
  protected readonly listeners = new Set<() => void>();
  private scheduled = false;

  constructor(private readonly gatherMs = 0) {}

  get connected(): boolean {
    return false;
  }

  tick(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const tell = (): void => {
      this.scheduled = false;
      this.hear();
      this.publish();
    };
    if (this.gatherMs === 0) setImmediate(tell);
    else setTimeout(tell, this.gatherMs).unref();
  }

  onTick(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.listeners.clear();
  }

  protected hear(): void {
    for (const listener of this.listeners) listener();
  }

  protected publish(): void {}
}

class RedisTicks extends LocalTicks {
  private readonly publisher: Redis;
  private subscriber: Redis | undefined;
  private isReconnecting = false;

  constructor(
    private readonly url: string,
    private readonly log: Logger,
    gatherMs: number,
  ) {
    super(gatherMs);
    this.publisher = this.open('tick-out');
  }

  override get connected(): boolean {
    return this.publisher.status === 'ready' && (this.subscriber === undefined || this.subscriber.status === 'ready');
  }

  override onTick(listener: () => void): () => void {
    this.subscriber ??= this.listen();
    return super.onTick(listener);
  }

  override async close(): Promise<void> {
    await super.close();
    this.publisher.disconnect();
    this.subscriber?.disconnect();
  }

  protected override publish(): void {
    if (this.publisher.status !== 'ready') return;
    // A tick that Redis did not take is a lost tick, and that is allowed. But hundreds a second must not pile up for one
    // that hangs: a new connection counts once it has answered.
    this.publisher.publish(channel, '').catch((error: unknown) => {
      if (error instanceof Error && error.message === 'Command timed out') this.reconnect();
    });
  }

  private reconnect(): void {
    if (this.isReconnecting || this.publisher.status !== 'ready') return;
    this.isReconnecting = true;
    this.publisher.once('close', () => {
      this.isReconnecting = false;
    });
    this.publisher.disconnect(true);
  }

  private listen(): Redis {
    const subscriber = this.open('tick-in');
    // Subscribing again after each reconnection, and a tick at once: some may have been missed meanwhile.
    subscriber.on('ready', () => {
      subscriber.subscribe(channel).then(
        () => this.hear(),
        (error: unknown) => this.log.debug('tick.subscribe_failed', { error }),
      );
    });
    subscriber.on('message', () => this.hear());
    return subscriber;
  }

  private open(name: string): Redis {
    const redis = new Redis(this.url, { ...connection, connectionName: `tocsin-${name}`, autoResubscribe: false });
    // The queue logs that Redis is away; an unheard 'error' event would end the process.
    redis.on('error', () => undefined);
    return redis;
  }
}
