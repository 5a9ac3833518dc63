import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../faults';
import { between, pick } from '../history/random';
import type { Sinks } from '../sinks';
import type { SinkAnswer, SinkChannel } from '../sinks/script';

/** How providers misbehave. Each is repeated for as long as the fault lasts. */
const moods: readonly (readonly SinkAnswer[])[] = [
  ['500'],
  ['429', '200'],
  ['timeout'],
  ['200-then-cut'],
  ['accept-then-nothing'],
  ['200', '500', '200-then-cut', '429'],
];
const channels: readonly SinkChannel[] = ['webhook', 'email', 'push'];

/** A provider refuses, delays, cuts or lies for a while. */
export const providers = (sinks: Sinks): readonly Fault[] =>
  channels.map((channel) => ({
    kind: 'provider',
    target: channel,
    inflict: async (_, random) => {
      const mood = pick(random, moods);
      const ms = between(random, 3_000, 8_000);
      await sinks.script(channel, mood);
      await wait(ms);
      await sinks.script(channel, []);
      return `${mood.join(', ')} for ${Math.round(ms)} ms`;
    },
  }));
