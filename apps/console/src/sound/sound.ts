import { create } from 'zustand';
import { note } from '../queue/paint-mark.js';
import { burstPlan, type Level } from './burst.js';

/** One silence: long enough to speak a sentence on the radio. It never acknowledges anything. */
export const SILENCE_MS = 30_000;

interface Sound {
  readonly state: 'off' | 'armed' | 'suspended';
  /** Monotonic ms. */
  readonly silentUntil: number;
}
export const useSound = create<Sound>(() => ({ state: 'off', silentUntil: 0 }));

let context: AudioContext | null = null;
let out: AudioNode | null = null;

/** Starts the desk's sound; a browser allows it only after a key or a pointer has been pressed. */
export async function armSound(): Promise<void> {
  context ??= make();
  if (context.state !== 'running')
    await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 1_000))]);
  follow();
}

function make(): AudioContext {
  const made = new AudioContext();
  const limiter = made.createDynamicsCompressor();
  limiter.connect(made.destination);
  out = limiter;
  made.onstatechange = follow;
  return made;
}
const follow = (): void =>
  useSound.setState({ state: context?.state === 'running' ? 'armed' : context ? 'suspended' : 'off' });

export const silence = (): void => useSound.setState({ silentUntil: performance.now() + SILENCE_MS });
export const breakSilence = (): void => useSound.setState({ silentUntil: 0 });
export const isSilent = (): boolean => performance.now() < useSound.getState().silentUntil;

/** Plays one burst now. What cannot be heard is not marked as sounded. */
export function sound(level: Level): void {
  if (!context || !out || context.state !== 'running' || isSilent()) return;
  const start = context.currentTime + 0.01;
  for (const pulse of burstPlan(level)) play(context, out, start, pulse);
  note('tocsin.sound', level);
}

function play(
  ctx: AudioContext,
  to: AudioNode,
  start: number,
  pulse: { at: number; length: number; hz: number },
): void {
  const gain = ctx.createGain();
  const from = start + pulse.at;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(0.5, from + 0.02);
  gain.gain.setValueAtTime(0.5, from + pulse.length - 0.03);
  gain.gain.linearRampToValueAtTime(0, from + pulse.length);
  gain.connect(to);
  // IEC 60601-1-8: a fundamental of 150 to 1,000 Hz with at least four harmonics, so that one deaf band does not lose it.
  for (const [n, level] of [1, 0.7, 0.6, 0.5, 0.4].entries()) {
    const tone = ctx.createOscillator();
    const part = ctx.createGain();
    tone.frequency.value = pulse.hz * (n + 1);
    part.gain.value = level / 4;
    tone.connect(part).connect(gain);
    tone.start(from);
    tone.stop(from + pulse.length);
  }
}
