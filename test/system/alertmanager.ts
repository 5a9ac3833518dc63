import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@tocsin/testing';

const binary = '/usr/bin/prometheus-alertmanager';
export const hasAlertmanager = existsSync(binary);

/** Debian's prometheus-alertmanager on a free port, with one webhook receiver and no waiting. */
export class Alertmanager {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(webhook: string, token: string): Promise<Alertmanager> {
    const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
    const port = await freePort();
    writeFileSync(
      join(folder, 'config.yml'),
      `route: { receiver: tocsin, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: tocsin
    webhook_configs: [{ url: '${webhook}', send_resolved: true, http_config: { authorization: { credentials: '${token}' } } }]\n`,
    );
    const args = [
      `--config.file=${folder}/config.yml`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ];
    const manager = new Alertmanager(`http://127.0.0.1:${port}`, spawn(binary, args, { stdio: 'ignore' }), folder);
    await until(async () => (await fetch(`${manager.url}/-/ready`)).ok, {
      what: 'alertmanager ready',
      timeoutMs: 20_000,
    });
    return manager;
  }

  async fire(labels: Record<string, string>, annotations: Record<string, string> = {}): Promise<void> {
    const response = await fetch(`${this.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels, annotations, startsAt: new Date().toISOString() }]),
    });
    if (!response.ok) throw new Error(`alertmanager: ${response.status} ${await response.text()}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
