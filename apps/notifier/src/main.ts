import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@tocsin/config';
import { assertSoundRules } from '@tocsin/operations';
import { whenSchemaIsReady } from '@tocsin/store';
import { compileEarly, createLogger, createMetrics, onStop, serveHealth } from '@tocsin/telemetry';
import { Notifier, NotifierModule } from './notifier.module.js';

async function main(): Promise<void> {
  compileEarly();
  assertSoundRules();
  const settings = loadSettings('notifier');
  const log = createLogger('notifier', settings);
  const metrics = createMetrics('notifier');
  await whenSchemaIsReady(settings.databaseUrl, 'notifier');
  const app = await NestFactory.createApplicationContext(NotifierModule.of({ settings, log, metrics }), {
    logger: false,
  });
  const notifier = app.get(Notifier);
  const health = await serveHealth({
    port: settings.port,
    bind: settings.bindAddress,
    ready: () => notifier.isReady(),
    registry: metrics.registry,
  });
  onStop({
    logger: log,
    stop: async () => {
      await app.close();
      await health.close();
    },
  });
  log.info('notifier.started', { url: health.url });
}

void main();
