import { Controller, Get } from '@nestjs/common';
import { Public } from '../edge/session.guard.js';
import { Parts } from '../parts.js';
import type { Schema } from './json-schemas.js';

/** The contract as machines read it. Loaded and built when it is asked for the first time: a start is too dear for it. */
@Public()
@Controller('v1')
export class DocsController {
  private open: Schema | undefined;
  private live: Schema | undefined;

  constructor(private readonly parts: Parts) {}

  @Get('openapi.json')
  async openApi(): Promise<Schema> {
    const { openApi } = await import('./open-api.js');
    const { settings, origins } = this.parts;
    this.open ??= openApi({ gateway: origins.own, intake: `http://127.0.0.1:${settings.intakePort}` });
    return this.open;
  }

  @Get('asyncapi.json')
  async asyncApi(): Promise<Schema> {
    const { asyncApi } = await import('./async-api.js');
    this.live ??= asyncApi(this.parts.origins.own);
    return this.live;
  }
}
