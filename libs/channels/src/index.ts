export { type BreakerOptions, withBreaker } from './breaker.js';
export * from './channel.js';
export { cleanText } from './compose/clean-text.js';
export { composeMessage, type MessageParts } from './compose/compose-message.js';
export { emailChannel, type EmailOptions } from './email/email-channel.js';
export { type AddressCheck, type AddressRefusal, checkAddress } from './guard/check-address.js';
export { makeVapidKeys, pushChannel, type PushOptions, type VapidKeys } from './push/push-channel.js';
export { pushPayload } from './push/push-payload.js';
export { webhookBody, webhookChannel, type WebhookOptions, webhookSecret } from './webhook/webhook-channel.js';
