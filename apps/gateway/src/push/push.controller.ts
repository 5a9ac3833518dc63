import { createHash } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { checkAddress } from '@tocsin/channels';
import { AcknowledgeCodeBody, PushSubscriptionBody, PushUnsubscribeBody, ReceiptBody } from '@tocsin/contracts';
import {
  acknowledgeByCode,
  type AcknowledgeAnswer,
  readPageSecrets,
  recordReceipt,
  sealSubscription,
} from '@tocsin/operations';
import { endSubscription, type Sealer, sealer, upsertSubscription } from '@tocsin/store';
import { v7 } from 'uuid';
import { Refused } from '../edge/refused.js';
import { CurrentWho, OwnAffair, Public, type Who } from '../edge/session.guard.js';
import { validBody } from '../edge/validated.js';
import { Parts } from '../parts.js';

@OwnAffair()
@Controller('v1/push')
export class PushController {
  private readonly sealer: Sealer;
  private publicKey: string | undefined;

  constructor(private readonly parts: Parts) {
    this.sealer = sealer(parts.settings.secret);
  }

  /** The public half of the unit's VAPID key: what a browser subscribes with. */
  @Get('key')
  async key(): Promise<{ publicKey: string }> {
    this.publicKey ??= (await readPageSecrets(this.parts.pool, this.sealer)).vapid.publicKey;
    return { publicKey: this.publicKey };
  }

  @Post('subscriptions')
  @HttpCode(201)
  async subscribe(@Body() given: unknown, @CurrentWho() { session, person }: Who): Promise<{ id: string }> {
    const { endpoint, keys } = validBody(PushSubscriptionBody, given);
    // The notifier would refuse it with every page; here the phone is told at once that it cannot be reached.
    if (!checkAddress(endpoint, this.parts.settings.allowHosts).ok) {
      throw new Refused('invalid', { errors: [{ path: 'endpoint', message: 'must be the URL of a push service' }] });
    }
    const id = await upsertSubscription(this.parts.pool, {
      id: v7(),
      personId: person.id,
      sessionId: session.sessionId,
      endpointHash: hashOf(endpoint),
      sealed: sealSubscription(this.sealer, { endpoint, keys }),
    });
    return { id };
  }

  @Delete('subscriptions')
  @HttpCode(204)
  async unsubscribe(@Body() given: unknown, @CurrentWho() { person }: Who): Promise<void> {
    const { endpoint } = validBody(PushUnsubscribeBody, given);
    if (!(await endSubscription(this.parts.pool, person.id, hashOf(endpoint)))) throw new Refused('not-found');
  }

  /** From a service worker, which has no session: the code of the delivery is its proof. */
  @Public()
  @Post('receipts')
  @HttpCode(204)
  async receipt(@Body() given: unknown): Promise<void> {
    const { deliveryId, code, state, what } = validBody(ReceiptBody, given);
    const answer = await recordReceipt(this.parts.context, {
      deliveryId: deliveryId.toLowerCase(),
      code,
      state: state ?? what ?? 'delivered',
    });
    if (!answer.ok) throw new Refused('unknown-code');
  }

  /** Only by POST: a mail scanner or a prefetch that follows a link acknowledges nothing. */
  @Public()
  @Post('acknowledge')
  @HttpCode(200)
  async acknowledge(@Body() given: unknown): Promise<Omit<AcknowledgeAnswer & { ok: true }, 'ok'>> {
    const { code, deliveryId } = validBody(AcknowledgeCodeBody, given);
    const answer = await acknowledgeByCode(this.parts.context, {
      code,
      ...(deliveryId === undefined ? {} : { deliveryId: deliveryId.toLowerCase() }),
    });
    if (!answer.ok) throw new Refused('unknown-code');
    return { person: answer.person, incidents: answer.incidents };
  }
}

function hashOf(endpoint: string): Buffer {
  return createHash('sha256').update(endpoint).digest();
}
