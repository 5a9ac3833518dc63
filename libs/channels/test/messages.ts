import { v7 } from 'uuid';
import {
  composeMessage,
  type MessageParts,
  type PageIncident,
  type PageMessage,
  type Recipient,
} from '../src/index.js';

/** 2026-11-24T22:39:00Z in microseconds. */
export const openedAt = 1_795_559_940_000_000;

export const incident = (over: Partial<PageIncident> = {}): PageIncident => ({
  id: v7(),
  number: '26-00123',
  severity: 'critical',
  site: { code: '07', name: 'Blue Area' },
  title: 'Panic button at gate 3',
  openedAt,
  reality: 'actual',
  kind: 'page',
  ...over,
});

export const message = (to: Recipient, over: Partial<MessageParts> = {}): PageMessage =>
  composeMessage({
    deliveryId: v7(),
    language: 'en',
    incidents: [incident()],
    timeZone: 'Asia/Karachi',
    ackCode: 'c0de',
    url: 'https://tocsin.test/incidents/1',
    to,
    ...over,
  });
