import { Controller, Get } from '@nestjs/common';
import { Public } from '../edge/session.guard.js';
import { Parts } from '../parts.js';
import { asyncApi } from './async-api.js';
import type { Schema } from './json-schemas.js';
import { openApi } from './open-api.js';

/** The contract as machines read it. Built when it is asked for the first time. */
@Public()
@Controller('v1')
export class DocsController {
  private open: Schema | undefined;
  private live: Schema | undefined;

  constructor(private readonly parts: Parts) {}

  @Get('openapi.json')
  openApi(): Schema {
    const { settings, origins } = this.parts;
    this.open ??= openApi({ gateway: origins.own, intake: `http://127.0.0.1:${settings.intakePort}` });
    return this.open;
  }

  @Get('asyncapi.json')
  asyncApi(): Schema {
    this.live ??= asyncApi(this.parts.origins.own);
    return this.live;
  }
}
