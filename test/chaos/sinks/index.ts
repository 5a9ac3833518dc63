import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { forkChild } from '../driver/child';
import type { SinkAnswer, SinkChannel } from './script';

export interface SinkAddresses {
  /** Without a path: each address of the scene is a path of it. */
  readonly webhookUrl: string;
  readonly smtpUrl: string;
  readonly pushUrl: string;
}
export interface Sinks extends SinkAddresses {
  /** What the next arrivals get, in turn and over and over; none = all is well again. */
  script(channel: SinkChannel, answers: readonly SinkAnswer[]): Promise<void>;
  /** From now on phones say that a push arrived (a receipt) if its answer was 200, and acknowledge a few by its code. */
  receiptsTo(gateway: string): Promise<void>;
  stop(): Promise<void>;
}

/** Fake providers in a process of their own; arrivals go to `folder/history/sinks.ndjson`. */
export async function startSinks(options: { run: string; folder: string; seed: number }): Promise<Sinks> {
  mkdirSync(join(options.folder, 'history'), { recursive: true });
  const child = await forkChild<SinkAddresses>(join(__dirname, 'process.js'), options);
  return {
    ...child.opened,
    script: (channel, answers) => child.call('script', { channel, answers }),
    receiptsTo: (gateway) => child.call('receiptsTo', gateway),
    stop: () => child.stop(),
  };
}

/** What the service must be told in its environment to reach them: they listen on loopback. */
export function sinkSettings({ webhookUrl, pushUrl, smtpUrl }: SinkAddresses): Record<string, string> {
  const hosts = [webhookUrl, pushUrl].map((url) => new URL(url).host);
  return { WEBHOOK_ALLOW_HOSTS: hosts.join(','), SMTP_URL: smtpUrl };
}
