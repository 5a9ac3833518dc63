import 'reflect-metadata';
import { loadSettings } from '@tocsin/config';
import { assertSoundRules } from '@tocsin/operations';
import { whenSchemaIsReady } from '@tocsin/store';
import { compileEarly, createLogger, createMetrics, onStop } from '@tocsin/telemetry';
import { startGateway } from './start-gateway.js';

async function main(): Promise<void> {
  compileEarly();
  assertSoundRules();
  const settings = loadSettings('gateway');
  const log = createLogger('gateway', settings);
  const metrics = createMetrics('gateway');
  await whenSchemaIsReady(settings.databaseUrl, 'gateway');
  const gateway = await startGateway(settings, { log, metrics });
  onStop({ logger: log, stop: () => gateway.close() });
  log.info('gateway.started', { url: gateway.url });
}

void main();
