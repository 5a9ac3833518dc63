import { createHash } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { PushSubscriptionBody, PushUnsubscribeBody } from '@tocsin/contracts';
import { endSubscription, readSecret, type Sealer, sealer, upsertSubscription } from '@tocsin/store';
import { v7 } from 'uuid';
import { Refused } from '../edge/refused.js';
import { CurrentWho, type Who } from '../edge/session.guard.js';
import { validBody } from '../edge/validated.js';
import { Parts } from '../parts.js';

/** What the notifier calls its pair of VAPID keys. */
const vapidSecret = 'vapid';

@Controller('v1/push')
export class PushController {
  private readonly sealer: Sealer;

  constructor(private readonly parts: Parts) {
    this.sealer = sealer(parts.settings.secret);
  }

  /** The public half of the unit's VAPID key: what a browser subscribes with. */
  @Get('key')
  async key(@CurrentWho() _: Who): Promise<{ key: string }> {
    const sealed = await readSecret(this.parts.pool, vapidSecret);
    if (sealed === null) throw new Refused('unavailable', { message: 'Push is not prepared yet.' });
    const { publicKey } = JSON.parse(this.sealer.open(sealed).toString('utf8')) as { publicKey: string };
    return { key: publicKey };
  }

  @Post('subscriptions')
  @HttpCode(201)
  async subscribe(@Body() given: unknown, @CurrentWho() { session, person }: Who): Promise<{ id: string }> {
    const { endpoint, keys } = validBody(PushSubscriptionBody, given);
    const id = await upsertSubscription(this.parts.pool, {
      id: v7(),
      personId: person.id,
      sessionId: session.sessionId,
      endpointHash: hashOf(endpoint),
      sealed: this.sealer.seal(JSON.stringify({ endpoint, keys })),
    });
    return { id };
  }

  @Delete('subscriptions')
  @HttpCode(204)
  async unsubscribe(@Body() given: unknown, @CurrentWho() { person }: Who): Promise<void> {
    const { endpoint } = validBody(PushUnsubscribeBody, given);
    if (!(await endSubscription(this.parts.pool, person.id, hashOf(endpoint)))) throw new Refused('not-found');
  }
}

function hashOf(endpoint: string): Buffer {
  return createHash('sha256').update(endpoint).digest();
}
