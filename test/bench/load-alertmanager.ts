import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@tocsin/testing';
import { freePort, hasAlertmanager } from '../system/alertmanager';
import type { Door } from './load-client';

export { hasAlertmanager };

/** Debian's prometheus-alertmanager as a baseline: with a webhook for each alert, at once, or with none. */
export class BareAlertmanager {
  private constructor(
    private readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(webhook: string | null): Promise<BareAlertmanager> {
    const folder = mkdtempSync(join(tmpdir(), 'bench-alertmanager-'));
    const port = await freePort();
    const route = webhook
      ? `group_by: ['...'], group_wait: 0s, group_interval: 1s`
      : 'group_by: [site], group_wait: 1h, group_interval: 1h';
    const configs = webhook ? `\n    webhook_configs: [{ url: '${webhook}', send_resolved: false }]` : '';
    writeFileSync(
      join(folder, 'config.yml'),
      `route: { receiver: sink, ${route}, repeat_interval: 24h }\nreceivers:\n  - name: sink${configs}\n`,
    );
    const args = [
      `--config.file=${folder}/config.yml`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ];
    const manager = new BareAlertmanager(
      `http://127.0.0.1:${port}`,
      spawn('/usr/bin/prometheus-alertmanager', args, { stdio: 'ignore' }),
      folder,
    );
    await until(async () => (await fetch(`${manager.url}/-/ready`)).ok, {
      what: 'alertmanager ready',
      timeoutMs: 20_000,
    });
    return manager;
  }

  get door(): Door {
    return { url: this.url, path: '/api/v2/alerts' };
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
