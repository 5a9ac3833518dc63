import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** load-bare-pipeline in a process of its own, on the database that is given. */
export class BarePipeline {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(databaseUrl: string): Promise<BarePipeline> {
    const child = spawn(process.execPath, [join(__dirname, 'load-bare-pipeline.js')], {
      env: { ...process.env, BENCH_DATABASE_URL: databaseUrl },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    return new BarePipeline(child, `http://127.0.0.1:${Number(port.toString())}`);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  broadcast(frames: readonly string[]): void {
    this.child.stdin?.write(`[${frames.join(',')}]\n`);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
