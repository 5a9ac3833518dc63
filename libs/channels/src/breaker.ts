import type { Channel, PageMessage, Recipient, SendOutcome } from './channel.js';

export interface BreakerOptions {
  /** Silences or refusals to connect in a row before a destination counts as down. */
  readonly failures?: number;
  /** How long it is then left alone; after that one message is the probe. */
  readonly downMs?: number;
  readonly now?: () => number;
}

interface Health {
  failures: number;
  downUntil: number;
  isProbing: boolean;
}

/**
 * The same channel, which answers `try-later` at once for a destination that has just been silent several times: a dead
 * mail server or push service must not hold every place for its whole deadline while pages wait for their next rung.
 */
export function withBreaker(channel: Channel, options: BreakerOptions = {}): Channel {
  const { failures: limit = 5, downMs = 10_000, now = () => performance.now() } = options;
  const healths = new Map<string, Health>();
  const send = async (message: PageMessage, signal: AbortSignal): Promise<SendOutcome> => {
    const destination = destinationOf(message.to);
    const health = healths.get(destination) ?? { failures: 0, downUntil: 0, isProbing: false };
    const isDown = health.failures >= limit;
    if (isDown && (now() < health.downUntil || health.isProbing)) {
      return {
        kind: 'try-later',
        code: 'destination-down',
        retryAfterMs: Math.max(Math.ceil(health.downUntil - now()), 1_000),
      };
    }
    healths.set(destination, health);
    health.isProbing = isDown;
    const outcome = await channel.send(message, signal);
    health.isProbing = false;
    if (!isSilence(outcome)) {
      healths.delete(destination);
      return outcome;
    }
    health.failures += 1;
    if (health.failures >= limit) health.downUntil = now() + downMs;
    return outcome;
  };
  return {
    kind: channel.kind,
    provesArrival: channel.provesArrival,
    deadlineMs: channel.deadlineMs,
    configured: () => channel.configured(),
    close: () => channel.close(),
    send,
  };
}

/** No answer at all. An answer, also a refusing one, shows that somebody is there. */
function isSilence(outcome: SendOutcome): boolean {
  return (
    (outcome.kind === 'unknown' || outcome.kind === 'try-later') &&
    !/^(http|smtp)-\d/.test(outcome.code) &&
    outcome.code !== 'aborted'
  );
}

function destinationOf(to: Recipient): string {
  if (to.kind === 'email') return 'smtp';
  const url = to.kind === 'webhook' ? to.url : to.subscription.endpoint;
  return URL.canParse(url) ? new URL(url).origin : url;
}
