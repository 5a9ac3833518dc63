import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { CatalogueController } from './catalogue/catalogue.controller.js';
import { DocsController } from './docs/docs.controller.js';
import { RefusedFilter } from './edge/refused.filter.js';
import { SessionGuard } from './edge/session.guard.js';
import { HealthController } from './health.controller.js';
import { ActsController } from './incidents/acts.controller.js';
import { ExplainController } from './incidents/explain.controller.js';
import { IncidentsController } from './incidents/incidents.controller.js';
import { ConsoleGateway } from './live/console.gateway.js';
import { Parts } from './parts.js';
import { PushController } from './push/push.controller.js';
import { Readiness } from './readiness.js';
import { SessionController } from './session/session.controller.js';

@Module({})
export class GatewayModule {
  static of(parts: Parts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [
        SessionController,
        IncidentsController,
        ActsController,
        ExplainController,
        CatalogueController,
        PushController,
        DocsController,
        HealthController,
      ],
      providers: [
        { provide: Parts, useValue: parts },
        { provide: Readiness, useFactory: () => new Readiness(parts) },
        ConsoleGateway,
        { provide: APP_GUARD, useClass: SessionGuard },
        { provide: APP_FILTER, useClass: RefusedFilter },
      ],
    };
  }
}
