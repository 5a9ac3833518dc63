/* oxlint-disable no-console -- what the person at the terminal reads; services log JSON lines to files */

/** One line for the person who typed `npm start`. */
export function say(text: string): void {
  console.log(text);
}

/** Runs one step of the start; a step that takes long says so every 5 s, so that nobody thinks it hangs. */
export async function step<T>(label: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1);
  const timer = setInterval(() => say(`  ${label}: still at it after ${seconds()} s`), 5_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** A fault that needs a sentence for the reader, not a stack. */
export class StartFault extends Error {}
