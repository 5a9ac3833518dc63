import { join } from 'node:path';
import type { RunFile } from '@tocsin/config';
import { writePrivate } from './private-file.js';

/**
 * Keeps TOCSIN_DATA/run.json true: call the result with each process that begins. It is written once every service has
 * had one, and never with a pid of 0: who sends that a signal sends it to his own process group.
 */
export function keepRunFile(
  dataDir: string,
  where: Omit<RunFile, 'services'>,
  urls: Readonly<Record<string, string>>,
): (name: string, pid: number) => void {
  const services: RunFile['services'] = {};
  return (name, pid) => {
    if (pid > 0) services[name] = { pid, url: urls[name] ?? '' };
    if (pid === 0 || Object.keys(services).length < Object.keys(urls).length) return;
    writePrivate(join(dataDir, 'run.json'), { ...where, services } satisfies RunFile);
  };
}
