import { askHttp } from './ask-http.js';
import { signal as send } from './run-process.js';
import { say } from './say.js';
import type { Service } from './services.js';

/** Who was started by npm, a shell or a test ends with it, also when that was killed without a word. */
export function watchParent(stop: AbortController): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    say('tocsin: the process that started this one is gone; stopping');
    stop.abort();
  }, 500);
  stop.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

const everyMs = 5_000;
/** 30 s without a sign of life: longer than any pause of the collector or of a busy machine. */
const longestSilenceMs = 30_000;
/** A process that has not answered yet is starting, which takes long where many start at once. */
const longestStartMs = 120_000;

/** Ends services whose event loop no longer turns, so that they are started again. */
export function watchServices(services: readonly Service[], stopped: AbortSignal): void {
  const heard = new Map<number, { at: number; answered: boolean }>();
  const look = async ({ name, kept, url }: Service): Promise<void> => {
    const { pid } = kept;
    if (pid === 0) return;
    // Any answer is a sign of life, also a refusal: the loop turned.
    const answered = (await askHttp(`${url}/healthz/live`, everyMs - 500)) !== null;
    const last = heard.get(pid);
    if (answered || !last) {
      heard.set(pid, { at: performance.now(), answered });
      return;
    }
    const silentMs = performance.now() - last.at;
    if (silentMs < (last.answered ? longestSilenceMs : longestStartMs) || kept.pid !== pid || stopped.aborted) return;
    say(`  ${name} has not answered for ${Math.round(silentMs / 1000)} s; ending it`);
    heard.delete(pid);
    send(pid, 'SIGKILL');
  };
  const timer = setInterval(() => services.forEach((service) => void look(service)), everyMs);
  stopped.addEventListener('abort', () => clearInterval(timer), { once: true });
}
