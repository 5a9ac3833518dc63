import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@tocsin/config';
import { assertSoundRules } from '@tocsin/operations';
import { whenSchemaIsReady } from '@tocsin/store';
import { compileEarly, createLogger, createMetrics, onStop, serveHealth } from '@tocsin/telemetry';
import { Engine, EngineModule } from './engine.module.js';

async function main(): Promise<void> {
  compileEarly();
  assertSoundRules();
  const settings = loadSettings('engine');
  const log = createLogger('engine', settings);
  const metrics = createMetrics('engine');
  await whenSchemaIsReady(settings.databaseUrl, 'engine');
  const app = await NestFactory.createApplicationContext(EngineModule.of({ settings, log, metrics }), {
    logger: false,
  });
  const engine = app.get(Engine);
  const health = await serveHealth({
    port: settings.port,
    bind: settings.bindAddress,
    ready: () => engine.isReady(),
    registry: metrics.registry,
  });
  onStop({
    logger: log,
    stop: async () => {
      await app.close();
      await health.close();
    },
  });
  log.info('engine.started', { url: health.url });
}

void main();
