import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';

type Request = { readonly id: number; readonly method: string; readonly argument: unknown };
type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string };

/** A process of ours that answers questions over IPC; it ends when its parent does. */
export interface Child {
  readonly pid: number;
  call<T>(method: string, argument?: unknown): Promise<T>;
  /** Asks it to `close`, then waits for its end. */
  stop(): Promise<void>;
}

/** Forks `file` (compiled) and calls its `open` with `options`. What it prints goes where we print. Throws what `open` threw. */
export async function forkChild<T>(file: string, options: unknown): Promise<Child & { readonly opened: T }> {
  // A session of its own: Ctrl-C in a terminal is the conductor's, and Linux shares the processors out by session.
  const child = fork(file, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true });
  const call = asking(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.connected) await call('close').catch(() => undefined);
    child.kill('SIGTERM');
    await ended;
  };
  try {
    return { pid: child.pid ?? 0, call, stop, opened: await call<T>('open', options) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function asking(child: ChildProcess) {
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer));
  child.once('exit', (code, signal) => {
    for (const [id, tell] of waiting) tell({ id, error: `its process ended with ${code ?? signal}` });
  });
  let last = 0;
  return <T>(method: string, argument?: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = (last += 1);
      waiting.set(id, ({ value, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(value as T);
        else reject(new Error(`${method}: ${error}`));
      });
      child.send({ id, method, argument } satisfies Request, (error) => {
        if (error) waiting.get(id)?.({ id, error: error.message });
      });
    });
}

/**
 * The other end, in the forked process. `open` comes first and once. Whoever writes history goes before what is watched:
 * on two cores under load a driver of equal rank was up to 256 ms late, and such a run proves nothing.
 */
export function serve(methods: Readonly<Record<string, (argument: never) => unknown>>): void {
  preferUs();
  process.on('message', ({ id, method, argument }: Request) => {
    const answer = (rest: Omit<Answer, 'id'>): void => void process.send?.({ id, ...rest });
    Promise.resolve()
      .then(() => methods[method]?.(argument as never))
      .then(
        (value) => answer({ value }),
        (error: unknown) => answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  process.once('disconnect', () => process.exit(0));
}

/** Within the session and among sessions. Only root may, and only on Linux; without it a run is as good as the machine is idle. */
function preferUs(): void {
  try {
    setPriority(-10);
    writeFileSync('/proc/self/autogroup', '-10');
  } catch (error) {
    if (!/EACCES|EPERM|ENOENT/.test(String(error))) throw error;
  }
}
